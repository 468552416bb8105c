"""Real chats read from files and written to a running Doxa over its HTTP API.

`formats` knows which reader understands a file; `jsonl`, `openai_chat` and `locomo` are the readers; `spool` holds
what was read until the whole file was found sound; `writing` sends what is missing; `waiting` waits for the reasoning.
"""
