"""Chat: answering a question from what is held and said. It knows no HTTP."""
