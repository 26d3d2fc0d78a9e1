"""Data → escaped HTML for the chat in the browser. Pure: no gradio, no I/O."""
