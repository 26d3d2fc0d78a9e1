"""The page in the browser: Gradio, rendered by pure functions."""
