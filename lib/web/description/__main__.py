"""Write the description: `python -m lib.web.description > public/openapi.json` renews it."""

import sys

from lib.web.description.document import text

if __name__ == "__main__":
    sys.stdout.write(text())
