"""What goes wrong while indexing and searching.

DebateError
└── SearchError
    ├── EncoderError          the encoder cannot be loaded or gives no usable vectors
    └── ChromaIndexError      the Chroma cache is missing, corrupt or busy; it will be rebuilt
"""

from __future__ import annotations

from corpus.errors import DebateError


class SearchError(DebateError):
    """Root of what goes wrong while searching."""


class EncoderError(SearchError):
    """The encoder cannot be loaded; says which, why and what to set instead."""


class ChromaIndexError(SearchError):
    """The Chroma cache cannot be trusted; the exact scan answers meanwhile and the cache is rebuilt."""
