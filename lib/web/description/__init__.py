"""What the API is, for people and programs: the one source of `public/openapi.json`. No handler needs it."""
