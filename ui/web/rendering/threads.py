"""The sidebar: the visitor's own threads, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from corpus.store import Thread
from ui.web.rendering.markup import both, labelled, text


def sidebar(
    threads: Sequence[Thread],
    current: str,
    debate: str = "",
    *,
    restored: bool = True,
    gone: str = "",
    opening: int | None = None,
) -> str:
    """New thread, search, and the list with rename and delete.

    Args:
        debate: which one they are about, as the page calls it.
        restored: whether the visitor's threads have been looked up; the page is ready then.
        gone: id of a thread that was deleted a moment ago, to be brought back; "" for none.
        opening: which of the page's wishes to open a thread this answers; None leaves that to the page.
    """
    rows = "".join(_row(thread, thread.id == current) for thread in threads)
    empty = f'<p class="empty">{both("还没有对话。", "No conversations yet.")}</p>' if not threads else ""
    undo = (
        f'<p class="undo" role="status">{both("对话已删除。", "Conversation deleted.")} '
        f'<button type="button" data-do="restore" data-thread="{text(gone)}">{both("撤销", "Undo")}</button></p>'
        if gone
        else ""
    )
    state = f'data-thread="{text(current)}" data-debate="{text(debate)}"' + (" data-restored" if restored else "")
    state += f' data-opening="{opening}"' if opening is not None else ""
    return (
        f'<nav class="threads" {state} {labelled("对话列表", "Conversations")}>'
        f'<button type="button" class="new" data-do="new">+ {both("新对话", "New chat")}</button>'
        f'<input type="search" id="thread-search" data-hold-zh="搜索对话…" data-hold-en="Search chats…" '
        f"{labelled('搜索对话', 'Search conversations')}>{undo}<ul>{rows}</ul>{empty}</nav>"
    )


def _row(thread: Thread, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    when = datetime.fromtimestamp(thread.updated).strftime("%m-%d %H:%M")
    return (
        f'<li data-thread="{text(thread.id)}"{mark}>'
        f'<button type="button" class="open" data-do="open"><span>{text(thread.title)}</span><time>{when}</time></button>'
        f'<button type="button" class="quiet" data-do="rename" {labelled("重命名", "Rename")}>✎</button>'
        f'<button type="button" class="quiet" data-do="delete" {labelled("删除", "Delete")}>✕</button></li>'
    )
