"""The page's tabs: gradio components and their handlers, one file each. Only these and ``ui.web.app`` import gradio."""
