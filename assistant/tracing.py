"""OpenTelemetry spans of the steps; nothing at all without OpenTelemetry.

A program that has set OpenTelemetry up gets spans by itself. `debate` sets it up when OTEL_TRACES_EXPORTER is "console"
or "otlp" (extra `tracing`); the exporter reads its own OTEL_… variables. Spans carry counts and names, never words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from assistant.errors import ModelConfigurationError

_NAME = "debate"
_EXPORTERS = ("console", "otlp")


class Trace:
    """One question's trace: its steps may run in different threads, and in a generator between other people's spans."""

    def __init__(self, **attributes: str) -> None:
        self._api = sys.modules.get("opentelemetry.trace")
        self._span = self._context = None
        if self._api is not None:
            self._span = self._api.get_tracer(_NAME).start_span(f"{_NAME}.ask", attributes=attributes)
            self._context = self._api.set_span_in_context(self._span)

    @property
    def context(self) -> Any:
        """OpenTelemetry's context for the spans inside; None without it."""
        return self._context

    def end(self) -> None:
        """The question is answered, or given up."""
        if self._span is not None:
            self._span.end()


@contextmanager
def span(name: str, within: Trace | None = None, **attributes: str | int | float | bool) -> Iterator[None]:
    """A span around the block, when tracing is on. Importing OpenTelemetry is left to whoever wants it."""
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        yield
        return
    # No exception is recorded: its message may hold the question, and the question is the user's.
    with api.get_tracer(_NAME).start_as_current_span(
        f"{_NAME}.{name}",
        context=within.context if within is not None else None,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            raise


def set_up(environment: Mapping[str, str] | None = None) -> bool:
    """Export spans as OTEL_TRACES_EXPORTER says; whether it says so.

    Raises:
        ModelConfigurationError: It names an exporter that is not installed.
    """
    environment = os.environ if environment is None else environment
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if exporter not in _EXPORTERS:
        return False
    try:
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

        if isinstance(trace.get_tracer_provider(), TracerProvider):
            return True
        provider = TracerProvider()
        if exporter == "console":
            provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
        else:
            from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    except ImportError as error:
        raise ModelConfigurationError(
            "OTEL_TRACES_EXPORTER asks for traces, but OpenTelemetry is not installed; "
            "pip install 'debate-assistant[tracing]'."
        ) from error
    trace.set_tracer_provider(provider)
    return True
