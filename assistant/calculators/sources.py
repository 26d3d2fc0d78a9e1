"""Where the calculators' figures come from: the keys used in declarations, notes and validation rows, spelled out.

"V:" marks a figure found in a public page that was read; "R" a recalled one whose primary source is named beside it
(with our confidence: hi, med, lo); "D" one derived here. Figures dated after the debate (15 November 2025) carry † and
are never something a guest knew.

    >>> citation("V:DT")
    'Deloitte, Roadmap on ASC 360, section 2.7 (dart.deloitte.com)'
"""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "F1": "Form 10-K passages on server lives, quoted verbatim in a secondary collection (spot checks: Alphabet "
    "0001652044-24-000022, "
    "Microsoft 0000950170-23-035122, Amazon 0001018724-25-000004, Oracle 0000950170-25-087926)",
    "F2": "Form 10-K passages for fiscal 2025, quoted verbatim in a secondary collection",
    "SEC-META": "Meta Platforms, Form 10-K 2024, XBRL R16 "
    "(sec.gov/Archives/edgar/data/1326801/000132680125000017/R16.htm)",
    "SAN": "Meta property and equipment disclosure (stock-analysis-on.net)",
    "REG": "The Register, 31 January 2024, Alphabet Q4 2023 (vuink.com)",
    "DCD": "Data Center Dynamics, Google increases server life to six years",
    "CW": "Computer Weekly 366557152, Alphabet Q3 2023",
    "REX": "Rexwire, Big Tech's $10 billion profit surge from server life extension",
    "LR": "Meta Form 10-Q Q3 2025, quoted at letsrun.com thread 5369837",
    "FOOL": "The Motley Fool, 11 November 2025, on Michael Burry's warning",
    "RV": "Research Viewer, GPU useful life",
    "TTM": "Burry's post of November 2025 as reported at ttm.financial/news/1187050152",
    "MS": "Morgan Stanley capex table (thetradable.com)",
    "LUM": "2025 hyperscaler capex (useluminix.com)",
    "CNBC": "2026 capex guidance, CNBC (whistlebuzz.com)",
    "DT": "Deloitte, Roadmap on ASC 360, section 2.7 (dart.deloitte.com)",
    "GS": "Goldman Sachs on Alphabet's server share of capex (web3.okx.com)",
    "TGP": "The Global Practice, Microsoft's short-lived assets (theglobalpractice.com/?p=169395)",
    "IRS": "IRS Publication 946, MACRS tables (taxprotesttx.com/datasets/macrs-tables-pub-946.json)",
    "OBBB": "Plante Moran on 100% bonus depreciation for property acquired after 19 January 2025",
    "DGX": "NVIDIA DGX H100 power and PUE (supercluster.blog/p/6-ai-supercluster-nvidia-dgx-h100; flashgenius.net)",
    "H100": "H100 rental prices (neighborhoodsf.com)",
    "WTI": "WTI spot, annual (datasets/oil-prices, wti-year.csv)",
    "DOE": "US Department of Energy, EERE Fact 652: US crude production",
    "PEAK": "Peak Oil News, April 2018: US crude production",
    "EIA12": "Reuters, 11 December 2012, EIA outlook",
    "ZR": "EIA crude production 2011–14 (zerorpm.com)",
    "TO": "EIA crude production 2015 (toinnov.com)",
    "EGN": "EIA tight-oil production (energyglobalnews.com)",
    "HAL": "Halliburton annual report 2015, page 43: rig counts",
    "RYS": "Rystad Energy, shale break-even prices (2017; US Q1 2015); geo365.no",
    "IHS": "IHS, tight-oil spending (spglobal.com)",
    "WM": "Wood Mackenzie, US Lower 48 sustains $150 billion in capex cuts",
    "HB": "Haynes and Boone, Oil Patch Bankruptcy Monitor",
    "DEL": "Deloitte via oilprice.com, US shale has lost $300 billion",
    "LAT": "Los Angeles Times, 30 June 2002, telecom spending",
    "TEL": "Telecom meltdown facts (slideserve.com)",
    "BW": "BusinessWeek, 16 September 2001",
    "EPI": "Economic Policy Institute, briefing paper 338",
    "OPT": "Optima Capital Management, tech investment growth",
    "BEA": "BEA GDP, first and second quarter 2025 (beyondlink.live/?p=159900)",
    "FUK": "Fukui et al., experience curve for hydraulic fracturing, Energy Policy 105",
    "RED": "Bakken drilling-time learning (studylib.net/doc/13468322)",
    "NAG": "Nagy et al. 2013, Statistical basis for predicting technological progress (studylib.net/doc/11676391)",
    "STE": "Sterman 2000, Business Dynamics (web.mit.edu/jsterman)",
    "PER": "Perez 2002, Technological Revolutions and Financial Capital (eh.net)",
    "CCI": "Caldara, Cavallo and Iacoviello, oil elasticities, IFDP 1173",
    "BERN": "Bernstein, data-centre cost per GW (ng.investing.com 2169144)",
    "BAR": "Barclays, data-centre cost per GW (up2info.com/?p=59697)",
    "JPM": "JPMorgan, funding of AI capex (allweatherfinance.com)",
    "JPM1": "JPMorgan, hyperscaler operating cash flow† (boursel.com)",
    "JPM2": "JPMorgan, $650bn of annual revenue (gallery.modernengineeringmarvels.com/?p=38136)",
    "NS": "NVIDIA's 10 invested per 35 of GPUs (livemint.com 11766392905457)",
    "REG2": "The Register, Oracle's $300bn contract and $40bn of chips (factorytechnews.com)",
    "TB": "TechBuzz, $1.4tn over eight years (techbuzz.ai)",
    "PY": "OpenAI, $100bn of revenue in 2027 (eamvisiondirect.com)",
    "HSBC": "HSBC, OpenAI funding gap† (idcnova.com)",
    "AIC": "Hyperion financing terms (aicerts.ai)",
    "FUD": "Hyperion bond, A+ 6.58% 2049 (fudzilla.net 61913)",
    "INN": "Hyperion lease and residual-value guarantee (innovativecentre.org)",
    "MSP": "Morgan Stanley, US power shortfall to 2028 (ng.investing.com 2203320)",
    "BNEF": "BloombergNEF, gas plant cost† (pulse.bot)",
    "FUR": "Fortune on Jason Furman (wiki.hearn.me)",
    "TRE": "Nasdaq-100 forward P/E, 24 October 2025 (trendometric.com)",
    "INC-MSFT": "Microsoft Form 10-K FY2025 (0000950170-25-100235, note 2; income statement at stock-analysis-on.net)",
    "INC-GOOG": "Alphabet Form 10-K 2024 and 2023, income statement (stockopedia.com; reportify.ai, EPS of 2023–24; "
    "EPS of 2022 recalled)",
    "INC-AMZN": "Amazon Form 10-K 2024, income statement (micaminoinversor.com; net income and EPS recalled, high "
    "confidence)",
    "INC-ORCL": "Oracle, results of fiscal 2025, 11 June 2025, and Form 10-K FY2025 (stockanalysis.com; EPS of FY2023 "
    "recalled)",
    "CPI": "US CPI, September 2025 (vegaeconomics.com)",
}


def citation(key: str) -> str:
    """The source in words; text that is not a key ("IRC §168", "convention: …") is its own citation.

    Several keys may be joined by commas ("V:F1, V:F2").
    """
    parts = [part.strip() for part in key.split(", ")]
    return "; ".join(SOURCES.get(part.removeprefix("V:"), part) for part in parts)
