"""The JSON Schema of a history file: `python -m lib.document.schema > public/history-file.schema.json` renews it."""

import json
import sys

from lib.document.shape import DocumentShape


def text() -> str:
    """Return the schema as it lies beside the API's description."""
    found = DocumentShape.model_json_schema()
    found |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "portfolio-history/1"}
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
