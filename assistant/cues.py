"""The words by which intents and follow-ups are known, in Chinese and English. Patterns only; no logic.

They match the search copy of a question (``corpus.normalize.fold_text``) unless they look at capitals.
"""

from __future__ import annotations

import re

from assistant.types import Intent

_CASE = re.IGNORECASE

INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "small_talk",
        re.compile(
            r"^\W*(?:你是谁|你叫什么|你能(?:做|干|帮我(?:做|干)?)(?:些)?什么|你会(?:些)?什么|你会(?:说|讲|唱|写|画|不会)|你(?:是|算)(?:不是)?(?:真人|机器人|ai|人工智能|chatgpt|gpt|人)|你(?:支持|懂|听得懂|能说).{0,6}(?:语|话|文)|"
            r"who (?:are|made|built|created) you|what are you\b|what (?:\w+ ){0,4}(?:can|do|could) you (?:do|help|support)|what do you know\W*$|how are you|how (?:do|does) (?:you|this|it) work\W*$|"
            r"do you (?:speak|have feelings|sleep|like me|dream|get tired)|are you (?:an? )?(?:human|real|robot|bot|ai|chatgpt|gpt|chatbot|person|there|ok|sentient|conscious|alive))|讲个(?:笑话|故事)|tell me a (?:joke|story)|(?:今天|明天|现在).{0,6}(?:天气|几点)|\bweather\b|what time is it|"
            r"写(?:一)?首(?:诗|歌)|write (?:me )?a (?:poem|song|haiku)|你(?:今天)?(?:心情|吃了|几岁|多大|累不累)",
            _CASE,
        ),
    ),
    (
        "out_of_scope",
        re.compile(
            r"(?:忽略|无视|忘记|忘掉|跳过|覆盖|改(?:掉|成|写)|修改|绕过).{0,12}(?:指令|指示|提示|规则|要求|设定|限制|system)|(?:规则|指令|设定).{0,6}改|系统提示|system prompt|"
            r"(?:ignore|disregard|forget|override|bypass|change|rewrite|drop).{0,30}(?:instructions?|prompts?|rules?|guidelines?|restrictions?)\b|"
            r"you are (?:now|no longer)|(?:from now on|从现在(?:起|开始)).{0,10}(?:you|你)|^\W*(?:(?:please|now|can you|could you|you must|let'?s|i want you to)\W+)*(?:pretend (?:to be|you|that)|act as|role-?play)|^\W*(?:请|现在|你)*(?:假装|假扮|扮演|冒充)|developer mode|开发者模式|你就是.{1,14}(?:本人|自己)|"
            r"用第一人称|in (?:the )?first person|(?:reveal|print|show|repeat|leak|输出|泄露|打印|告诉我).{0,20}(?:prompt|instructions|提示词|密钥|api key|password|密码)|"
            r"(?:编造|虚构|伪造|捏造|杜撰|编(?:一|几|个|出)|(?:^|please |can you |could you )(?:make up|fabricate|invent|concoct))\W?.{0,40}(?:quote|引|话|发言|对话|dialogue|says?|said|说|statement|where|$)|"
            r"(?:always|永远|只(?:能|许)?|一律).{0,6}(?:answer|reply|say|回答|回复|说)|(?:翻译成|translate (?:this|the|it|into))|(?:写|write).{0,8}(?:代码|code|script|邮件|email|作文|essay|小说)|"
            r"<\/?(?:script|system|img)|\bsudo\b|\bdrop table\b",
            _CASE,
        ),
    ),
    (
        "host_question",
        re.compile(
            r"(?:主持|主理|主播).{0,16}(?:问|提出|提了|好奇|抛|追问|开场|想(?:听|知道|了解)|关心)|问(?:了|过)?.{0,6}(?:什么|啥|哪些)(?:问题)?|(?:抛|甩)(?:出|了).{0,6}(?:什么|啥|问题|哪)|提了.{0,6}问题|"
            r"\b(?:(?:co-?)?hosts?|hostess|moderators?|interviewers?|presenters?|emcees?|anchors?|(?:chair|running) the (?:show|debate|panel|evening))\b.{0,40}\b(?:ask|asks|asked|asking|questions?|raise[sd]?|raising|bring|brings|brought|bringing|wonder(?:s|ed|ing)?|puts?|putting|opens?|opened|pose[sd]?|posing|float(?:s|ed)?|probe[sd]?|fishing|want(?:s|ed)? to know|get(?:ting)? at|kick(?:s|ed)? off)\b|"
            r"\b(?:got|get|gets|were|was|being) asked\b|\b(?:put|posed) to the (?:panel|guests|speakers)|\bwhat (?:question|questions)\b|\bask(?:ed|s)? (?:the )?(?:guests?|panel|about)|\bquestions? (?:did|does|do|was|were)\b",
            _CASE,
        ),
    ),
    (
        "who_said",
        re.compile(
            r"谁(?:说|提|讲|认为|觉得|在|是第一个|最先|引用|转述|相信|主张|支持|反对|不同意|承认|表示|把|用|举|拿|打|对|也|最)|是谁|哪(?:位|个)(?:嘉宾|人|主持|发言|讲者)?(?:说|提|讲|认为|觉得|用|举|引|把|拿|主张|指出)|"
            r"哪(?:位|个)(?:嘉宾|人|主持人)|谁的(?:观点|话|说法|看法)|出自谁|谁$|谁[?？]|"
            r"\bwho(?:'s| is| was)?\b(?! (?:are|is) (?:bruce|rob|yang|ethan))|\bwhose\b|\bwhich (?:guest|speaker|panell?ist|person|host|one)\b",
            _CASE,
        ),
    ),
    (
        "comparison",
        re.compile(
            r"分歧|不同(?!意)|区别|差异|比较|对比(?!特币|亚迪|利时)|相比|一致|同意(?:吗|对方|彼此|他|她)|共识|谁更|争议|各自|两人|两位|vs\b|versus|"
            r"\bcompar|\bdiffer|\bdisagree|\bagree(?:s|d)? (?:on|with|about|or)|\bdo they agree|\bin common|\bcontrast|\bboth\b|"
            r"\bside by side|\bclash|\bsplit\b|\bat odds",
            _CASE,
        ),
    ),
    (
        "overview",
        re.compile(
            r"总结|概括|概述|综述|归纳|汇总|盘点|捋|梳理|总体|整体|前前后后|主要(?:观点|内容|讨论|议题|论点)|(?:大家|大伙儿?|众人|在座的?|在场的?|各方)(?:都|是|们)*(?:怎么|如何|对|谈|说|聊|讲|提)|各位|嘉宾们|几位嘉宾|所有(?:人|嘉宾)|"
            r"都(?:说|讲|聊|谈)(?:了|到|过)|都(?:怎么|有哪些)|有哪些(?:观点|看法|说法|意见)|讨论了什么|聊了(?:些)?什么|"
            r"\brun-?down\b|\bround-?up\b|\btl;?dr\b|\b(?:catch|bring) me up\b|\bup to speed\b|\bsum (?:it |this )?up\b|\bin a nutshell\b|\b(?:around|at) the table\b|\bevery (?:view|opinion|voice|side|position|stance|argument|explanation|remark)\b|"
            r"\ball (?:of )?(?:the )?(?:views|opinions|voices|sides|positions|stances|arguments|explanations|remarks|guests|speakers)\b|"
            r"\bsummar|\boverview|\bmain (?:points?|arguments?|takeaways?|views?)|\btakeaways?|\bkey points|\beveryone|\beverybody|"
            r"\bthe (?:panel|guests|speakers)\b(?!'s)|\bpanell?ists\b|\bviews on|\brecap|\bgist\b|\bwalk me through|\bthe different views",
            _CASE,
        ),
    ),
    (
        "figure",
        re.compile(
            r"多少|几(?:年|倍|个|成|美元|吉瓦|万|亿|月|块|层)|多大|多久|多长|多高|多贵|哪一?年|什么时候|何时|百分之|比例|占比|数字|数据是|规模|金额|价格是|股价|估值(?:是|多)|年限|"
            r"\bhow (?:much|many|long|big|large|high|far|old|often|expensive|fast|soon)\b|\bwhat (?:percent|percentage|share|number|figure|figures|price|multiple|year|ratio|rate|level|size)|"
            r"\bwhen\b|\bby how\b|\bfigures?\b|\bgigawatts?\b.*\?",
            _CASE,
        ),
    ),
)

# A problem that is spoken of, not a question that was asked.
PROBLEM = re.compile(r"(?:真正|最大|关键|核心|根本|主要|有|什么|啥)的?问题|问题(?:出|到底|究竟)?在")
# A message of nothing but these is no question.
CHAT = re.compile(
    r"how(?:'s|’s| is| are| have)(?: your (?:day|evening|week)| it| you\b| things| everything| life)+(?: been)?(?: going| doing)?(?: today| so far)?|(?:nice|pleased|good) to meet you|"
    r"have a (?:nice|good|great|lovely) \w+|(?:that|it|this)(?:'s|’s| is| was| will be)? (?:all|it|enough|everything)(?: for (?:now|today))?|see you (?:later|tomorrow|soon)|(?:good|great|nice) (?:job|work|one)|"
    r"\b(?:i see|(?:that|it|this|which)?(?:'s|’s| is)?(?: a)? ?fair(?: enough| point)?|(?:(?:that|it|this) )?(?:all )?(?:makes?|making) (?:\w+ )?sense(?: now)?|(?:good|nice|great|useful|interesting) (?:to know|point|stuff|answer|one)|(?:that|it|this)(?:'s|’s| is| was) (?:very |really |quite |so |pretty )?(?:interesting|helpful|useful|clear|funny|good|great|wild|crazy|right|true|impressive)|"
    r"that helps|i(?:'ve|’ve| have)? (?:get|got|understand|understood|knew|agree|think so)(?: it| that| now)?|i (?:didn['’]t|did not) know that|(?:let me|i(?:'ll|’ll| will)) think(?: about (?:it|that))?|never mind|no (?:worries|problem)|my bad|(?:one|just a) (?:moment|sec|second)|you(?:'re|’re| are) right|fascinating|interesting|impressive|gotcha|noted|agreed|indeed|neat|right|true|yeah|yup|a+h+|o+h+|aha|u+h+|u+m+|m+h*m+|hm+|huh|whoa|ha|hehe+)\b|"
    r"原来(?:是)?(?:如此|这样|这么回事)|(?:是)?这样(?:子)?(?=\W*$|啊|子|的|呀)|有(?:点|些)?(?:道理|意思|趣)|(?:说|讲)得(?:对|好|不错|有道理|很清楚)|长(?:了)?(?:知识|见识)(?:了)?|学(?:到|习)了?|受教|佩服|没毛病|确实(?:如此|是)?|果然|难怪|我?(?:听|看|搞|弄)?(?:懂|清楚|理解|明白)(?:了)?|让?我(?:再)?想(?:一)?想|稍?等(?:一)?(?:下|等)|算了|有帮助|"
    r"吃了(?:没|吗)|吃饭了(?:没|吗)|忙吗|最近好吗|(?:今天)?过得(?:怎么样|怎样|如何|还?好)?|回头见|下次见|先这样|就这样|到此为止|没别的|很高兴认识|认识你很高兴|早点休息|祝你?.{0,6}(?:愉快|顺利)|"
    r"你好|您好|嗨|哈喽|早上好|晚上好|下午好|早安|晚安|多谢|谢谢|感谢|谢啦|谢了|再见|拜拜|在吗|在不在|辛苦(?:你)?了?|好的|好吧|好滴|明白|了解|知道|收到|不错|厉害|赞|牛|哈+|呵+|嗯+|哦+|行|可以|没问题|没事|[噢喔哇嘿诶唉哎额呃哟咦嘛嗷]+|对(?=\W*$|的|哦|啊)|是的|"
    r"\b(?:hi|hello|hey|yo|thanks?|thank|thx|ty|you(?:['’](?:ve|re)| have| are)?|been|so|very|super|much|a|lot|good|morning|evening|afternoon|night|bye|goodbye|see|ok(?:ay)?|got|it|cool|great|nice|awesome|perfect|"
    r"lol|haha+|helpful|there|again|all|sure|fine|yes|no|yep|nope|wow|please|cheers|alright|understood|later|dude|mate|bro|buddy|love|amazing|brilliant|wonderful|excellent|appreciated?|welcome|sorry|oops|hmm+|haha)\b|了|啊|呀|啦|吧|你|您|的|太|很|真|挺",
    _CASE,
)
# What hosts do: of a host who is named, the question is what was asked.
ASKS = re.compile(
    r"(?<!请)问|提出|抛|开场|好奇|想(?:听|知道|了解)|\b(?:fishing|getting at|get at|probe[sd]?|pose[sd]?|float(?:s|ed)?|ask|asks|asked|asking|question|questions|raise[sd]?|wonder(?:s|ed)?|bring up|brings up|brought up|"
    r"open(?:s|ed)?|start(?:s|ed)? (?:off|with)|kick(?:s|ed)? off|want(?:s|ed)? to know)\b",
    _CASE,
)
# Those who debate, and not who hosts them.
GUESTS = re.compile(r"嘉宾|讲者|\bguests?\b|\bpanel", _CASE)
# Whose view is asked for: the subject of a verb of saying or thinking, or the owner of a view.
ASKED_PERSON = re.compile(
    r"^\W*(?:请问|那么?|所以)?(?P<zh>[\u4e00-\u9fff·]{2,6}?)(?:本人|先生|教授)?(?:在(?:直播|辩论|节目|现场)(?:里|中|上)?)?(?:是)?"
    r"(?:怎么(?:看|说|想|评价|解释)|如何(?:看|评价|解释)|对.{1,24}(?:怎么|如何|有什么|是什么|说|态度|看法)|认为|觉得|认同|同意|说(?:了|过)?|提到|打算|解释|预测|(?:的)?(?:观点|看法|意见|态度|发言))|"
    r"\b(?:does|did|do|would|has|is|was|what|how)\s+(?:does |did |would )?(?P<en>[A-Za-z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+){0,2})\s+(?:think|say|said|tell|told|agree|believe|explain|argue|predict|feel|view|see|expect|mention|make of|claim)|"
    r"\b(?P<owner>[A-Za-z][\w.-]+(?:\s+[A-Za-z][\w.-]+)?)[’']s\s+(?:view|views|take|opinion|position|stance|thoughts?|comments?|remarks?)|"
    r"^\W*(?P<on>[A-Z][\w.-]+(?:\s+[A-Z][\w.-]+)+)\s+on\b",
    _CASE,
)

# What a follow-up may hold besides its matter: taken away before asking whether there is any matter.
CONNECTIVES = re.compile(
    r"^\W*(?:那么|那(?![些个种边里儿时年天次段位样么])|然后|所以|还有(?![谁人哪吗呢什没别其])|另外(?![几两二三四一])|再(?![说讲念发来次给])|而(?![是且])|不过|但是?|好的?(?![处像坏转多几])|[嗯哦]+)\W*|"
    r"^\W*(?:ok(?:ay)?|and|but|so|then|also|well|now|anyway|what about|how about|same (?:question )?for|what of|as for)\b\W*|呢\W*$|\btoo\b\W*$|\bthen\b\W*$|\bas well\b\W*$",
    _CASE,
)
PRONOUN = re.compile(
    r"(?:他|她)(?:们俩|们|俩)?|[二两]人|两位|这位|那位|此人|(?:那|这)(?:个|两个|几个)?人|"
    r"\b(?:(?:those|these|the|of the) two(?: (?:guys|guests|speakers|people))?|he|she|him|her|his|hers|they|them|their|theirs|(?:the same|that|this) (?:person|guy|man|guest|speaker))\b",
    _CASE,
)
PLURAL = re.compile(
    r"[他她](?:们|俩)|[二两]人|两位|谁更|哪个更|\b(?:they|them|their|theirs|both|(?:those|these|the) two|who(?:'s| is| sounds)? (?:the )?(?:more|less|most|least|right))\b",
    _CASE,
)
DEMONSTRATIVE = re.compile(
    r"\bthere\b|这个|那个|这点|那点|这一点|那一点|这件事|这事|此事|这种|那种|这些|那些|这样|那样|这话|这句|上述|前面|刚才|刚刚|前者|后者|其中|它|[这那](?=说明|意味|是|会|能|算|对)|"
    r"\b(?:this|that|these|those|it|its|the (?:former|latter)|such|same)\b",
    _CASE,
)
ELABORATE = re.compile(
    r"^\W*(?:(?:那|所以|但)?(?:为什么|为何|为啥|怎么会|何以见得|凭什么|理由(?:是什么)?|原因(?:是什么)?|依据(?:是什么)?|怎么说|具体(?:点|说说|呢|一点)?|详细(?:点|说说|一点)?|展开(?:说说|讲讲)?|"
    r"还有(?:吗|呢|别的|什么|没有)?|继续|然后呢|比如(?:呢|说)?|(?:都)?(?:有)?(?:哪些|哪几[个家种])|(?:都)?有谁|列(?:举)?一下|(?:能)?举(?:个|些)?例(?:子)?(?:说明)?|真的(?:吗)?|是吗|怎么(?:讲|理解)|此话怎讲|(?:具体|这话?|那)?(?:是)?(?:什么|啥)意思|怎么会这样|(?:他|她)?(?:有|的)?(?:什么|啥|哪些)?(?:证据|依据|根据|例子|理由|原因|数据支撑)(?:支撑|支持)?(?:是什么|是啥|有哪些)?|(?:他|她)?(?:为什么|为何|为啥|凭什么)(?:会)?(?:这么|这样)(?:说|看|想|讲|认为|觉得))(?:呢|吗|啊|呀|会?这(?:么|样)(?:说|认为|觉得|想)?)?|"
    r"(?:but |and |so )?(?:why(?: not| so| is that| does (?:he|she) (?:think|say|believe) (?:so|that)| do they (?:think|say) (?:so|that))?|how (?:so|come)|on what grounds|because of what|"
    r"what(?:'s| is| was| were) (?:his|her|their|the) (?:reason(?:ing|s)?|argument|evidence|rationale|logic)|go on|continue|more|tell me more|elaborate|anything else|what else(?: did (?:he|she|they) say)?|for example|such as|like what|"
    r"really|in what (?:way|sense)|(?:name|list) (?:them|some|a few|one|any)|which ones|like (?:who|which)|meaning(?: what)?(?: exactly)?|say more|expand(?: on that)?|(?:can|could) (?:you|he) (?:give|name) (?:me )?(?:an )?(?:examples?|reasons?)|(?:any|what|an|with what) (?:data|evidence|examples?|proof|reasons?|reasoning)(?: for (?:that|this|it))?|what makes (?:him|her|them|you) (?:say|think|believe|feel) (?:so|that|this)|what(?:'s|’s| is| was) (?:that|the (?:reason|evidence|logic) )? ?(?:based on|behind (?:that|this|it))|what does (?:he|she|that|it) mean(?: by (?:that|this|it))?(?: exactly)?|how does (?:he|she) (?:justify|explain|back|support) (?:that|this|it)(?: up)?|why (?:do|does|did) (?:he|she|they) (?:say|think|believe|feel) (?:so|that|this)(?: way)?))\W*$",
    _CASE,
)
# More than was quoted, not the same once more.
MORE = re.compile(
    r"还有(?:吗|呢|别的|什么|没有|哪些)|还(?:说|提|讲|谈)(?:了|过)?(?:什么|啥|哪些|别的)|别的(?:呢|吗)|其他(?:呢|观点|理由)|"
    r"\b(?:anything|something|what) else\b|\bany(?:thing)? more\b|\bother (?:points|reasons|arguments|risks)|\bgo on\b|\btell me more\b",
    _CASE,
)
# A new subject, or back to an earlier one: what follows is asked for itself.
SWITCH = re.compile(
    r"^\W*(?:换(?:个|一个)(?:话题|问题)|另外(?:问|一个问题)?|(?:再|顺便)问(?:个|一下)?(?:别的)?|对了|话说|(?:我们)?(?:再)?(?:回到|说回|回过头(?:来)?(?:说|看)?)(?:刚才|之前|前面)?|"
    r"(?:ok(?:ay)?,? )?(?:different|another|new) (?:question|topic)|changing (?:the )?(?:topic|subject)|(?:switching|going|back|turning|returning) (?:back )?to|by the way|separately|on (?:another|a different) note|unrelated|(?:one more|another) (?:thing|question)|back to|let['’]s talk about)"
    r"\W*",
    _CASE,
)
# What a claim rests on.
GROUNDS = re.compile(
    r"理由|原因|依据|根据|例子|证据|为什么|为何|为啥|\b(?:reason|argument|evidence|example|justif|explain|explanation|rationale|why)\w*",
    _CASE,
)
# Words that ask again without a subject of their own.
GENERIC = re.compile(
    r"(?:是|有)?(?:(?<!为)什么|哪些)(?:情况|时候)?下?|认同|赞同|同意|这么(?:看|想|说|认为|觉得)|那么(?:看|想)|回应|回答|反驳|结论|说法|定论|另一个|另外一个|另一种|解释|补充|评论|意思|理由|原因|依据|根据|例子|方面|部分|那边|展开|详细|细节|情况|具体|哪家|哪年|"
    r"\b(?:respon[ds]\w*|repl(?:y|ied|ies)|answer\w*|conclu\w+|rebut\w*|counter\w*|react\w*|reason\w*|according to|example\w*|evidence|point\w*|"
    r"argument\w*|mean\w*|agree\w*|disagree\w*|explain\w*|justif\w+|another|other|add\w*|case|idea|feel\w*|stand\w*|context|ones|comment\w*|detail\w*|expand|depth|sense|take|in the first place|bit|more|buys?|pushe?s? back|weigh\w*(?: in)?|concede\w*|kind|specific\w*|exactly)\b",
    _CASE,
)
ORDINALS = {c: n for n, group in enumerate(("一1", "二2", "三3", "四4", "五5", "六6")) for c in group} | {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3, "fifth": 4,
    "last": -1,
}  # fmt: skip
# A person or firm in a question without its speakers' names: two capitalised words, or one inside Chinese.
THIRD_PARTY = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+|(?<=[\u4e00-\u9fff ])[A-Z][a-z]{3,}(?=[\u4e00-\u9fff ?？])")
# One of several things that were said or counted out.
POINTED = re.compile(
    r"第\s*([一二三四五六1-6])\s*(?:(?:点|条|句|段|种|项|件|个)(?:观点|理由|原因|引用|说法|来源|例子|方法|问题)?)(?!人|季)|"
    r"\b(?:the )?(first|second|third|fourth|fifth|last|1st|2nd|3rd) "
    r"(?:point|one|quote|argument|reason|claim|item|part|view|way|source|option|example|factor|statement|thing)s?\b|"
    r"\bthe (former|latter|second|third|first)(?=\W*$|, )",
    _CASE,
)
# Where a speaker counts something out; what follows each is an item.
ENUMERATED = re.compile(
    r"首先(?:是)?|其次(?:是)?|再次(?:是)?|然后(?:是)?|最后(?:是)?|还要(?:靠)?|[一二三四]是(?=.)|第[一二三四](?=[,，、:是])|"
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|one is|the other is)\b[,:]?",
    _CASE,
)
# The last answer once more, its words, where they stand, in another language.
REPEAT = re.compile(
    r"(?:再|重新?)(?:说|讲|念|发|来|给我看)(?:一)?(?:遍|次|下|看)|重复|原文|原话|出处|来源在?哪|(?:数字?|数据|说法|话|消息|^\W*[这那]?[个些]?)哪(?:里|儿)?来的?\W*$|(?:用|换成?)(?:中文|英文|英语)|再给我看看?|"
    r"\b(?:say|repeat|show me|give me) (?:that|it|this|them)(?: (?:once more|again|one more time))?\W*$|\b(?:repeat|again)\W*$|"
    r"\bin (?:english|chinese)\b|\b(?:the|your|exact) (?:source|sources|citation|exact words|original|wording|quote)\b|\bwhere (?:is|was|does) (?:that|this|it) (?:from|come from|said)\b|"
    r"\b(?:source|exact words|verbatim|word for word)\W*$",
    _CASE,
)
# A question about all that somebody said.
WHOLE = re.compile(
    r"总结|概括|概述|主要(?:观点|内容|论点)|总体|整体|\bsummar|\boverview|\bmain (?:points?|arguments?|takeaways?|views?)|\boverall",
    _CASE,
)
TWO = re.compile(r"[二两]|\btwo\b", _CASE)
# What was said in return.
REPLY = re.compile(
    r"(?:谁|有人|哪位).{0,6}(?:回答|回应|接(?:话|着|的)|反驳|答)|"
    r"\b(?:who|anyone|anybody|somebody|someone|which \w+) (?:\w+ )?(?:answer|respond|repl|rebut|took|takes|react|push)\w*",
    _CASE,
)
# "Was that Yang?"
AUTHOR = re.compile(
    r"^\W*(?:and |so )?(?:was|is|were) (?:that|it|this|those)(?: from| by)?\W*$|^\W*这?是?(?:说|讲|提)(?:吗|吧|么)?\W*$",
    _CASE,
)
# The frame of "which guest told us these two things?", "这是谁介绍的".
SAYING = re.compile(
    r"哪[位个]\S{0,2}|谁|[是说讲提谈聊介绍引用指出算估计发现主张]+(?:到|出|过|了)?|话|数字?|"
    r"\b(?:who|whose|which|gave|given|came up|comes? from|guest|speaker|panell?ist|person|host|one|says?|said|saying|told|tells?|mention\w*|brought|bring\w*|cited?|cites|raised?|raises|claim\w*|made?|makes?|laid|put|"
    r"estimated?|quote\w*|two|three|things?|us|me|line|statement|figures?|numbers?|words?)\b",
    _CASE,
)
CORRECTION = re.compile(
    r"^\W*(?:不是|不对|不,|不，|错了|我(?:是|的意思是)?(?:说|指|问)的?是?|我问的是|应该是|no\b|nope|sorry|wait|actually|i meant?|i was asking|not (?=[A-Z]))",
    _CASE,
)
NOT_THEM = re.compile(r"(?:不是|而非|不要|别|\bnot\b|\brather than\b|\bexcept\b|除了|instead of)\s*$", _CASE)
# Whether they see it alike.
AGREE = re.compile(
    r"(?:不)?(?:同意|赞同|认同|赞成|认可)(?:谁|吗|么|他|她|这|那|彼此|对方|的?(?=\W*$))|反对|一致(?:吗|么)?|(?:有)?(?:什么|哪些)?(?:不同意见|分歧)(?:在?哪(?:里|儿)?|是什么)?|"
    r"(?:看法|意见|观点)(?:都)?(?:一样|相同|一致|不同)|有什么(?:不同|不一样)|矛盾吗|"
    r"\b(?:do|does|did) (?:they|he|she|the others|others|anyone|everyone|anybody|\w+) (?:all |both )?(?:dis)?agree|\b(?:dis)?agree(?:s|d|ment)?\b|"
    r"\bsame (?:view|side|page|opinion)|\bat odds|\bdiffer\b|\bshares? (?:that|this|his|her|the) (?:view|opinion)",
    _CASE,
)
# Who else sees it so, or not: asked of all but those just heard.
WHO_AGREES = re.compile(
    r"(?:谁|有人|有谁|哪位).{0,6}(?:不?(?:同意|赞同|认同|赞成|认可|买账)|反对|唱反调|有(?:不同|异议))|"
    r"\b(?:who|anyone|anybody|someone|somebody|which (?:guest|speaker|one))\b(?: \w+)? (?:(?:dis)?agree|object|push|concur|see it differently|share)\w*",
    _CASE,
)
AGREES_WITH = re.compile(r"(?:同意|赞同|认同|赞成|认可)(?!吗|彼此|对方|不)|\b(?:dis)?agrees? with\b", _CASE)
OTHERS = re.compile(
    r"其他(?:人|嘉宾|几位|各位|两位|三位)|(?:还有)?别人|其余(?:人|嘉宾|几位)?|剩下(?:的)?(?:人|嘉宾|几位|两位)|另外(?:几|两|三)位|还有(?:谁|哪位|人(?![给肯愿敢会能在要买投]))|"
    r"\b(?:the )?(?:others\b|rest(?= of (?:them|the (?:guests|panel|speakers)))|rest\W*$|other (?:two |three )?(?:guests?|speakers?|panell?ists?|people|two|three)|"
    r"(?:who|anyone|someone|anybody|everyone|somebody) else)",
    _CASE,
)
