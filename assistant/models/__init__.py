"""Chat models: opened, asked within a deadline, their drafts reduced to sentence ids and tool calls."""
