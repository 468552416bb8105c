"""The tools of the chat, by hand: what is not here is not offered."""

from collections.abc import Mapping

from app.chat.tools import (
    get_messages_by_date_range,
    get_observation_context,
    get_reasoning_chain,
    grep_messages,
    search_memory,
    search_messages,
)
from app.chat.tools.seam import ChatTool

#: All tools by their names.
TOOLS: Mapping[str, ChatTool] = {
    one.TOOL.described.name: one.TOOL
    for one in (
        search_memory,
        search_messages,
        grep_messages,
        get_messages_by_date_range,
        get_observation_context,
        get_reasoning_chain,
    )
}
