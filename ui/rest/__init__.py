"""The HTTP doors: REST and the OpenAI-compatible endpoint, one small file a resource."""
