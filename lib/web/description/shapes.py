"""Parts that the shapes of answers are made of. Source: OpenAPI 3.1, JSON Schema 2020-12."""

from collections.abc import Mapping, Sequence

type Shape = dict[str, object]

MONEY: Shape = {
    "type": "string",
    "pattern": r"^-?\d+(\.\d+)?$",
    "description": "a decimal number, in USD where not said",
}
TIME: Shape = {"type": "string", "format": "date-time"}
TEXT: Shape = {"type": "string"}
TRUTH: Shape = {"type": "boolean"}
WHOLE: Shape = {"type": "integer"}
RATIO: Shape = {"type": "number", "description": "0.05 is 5 %"}


def maybe(shape: Shape) -> Shape:
    """Return the shape, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Shape) -> Shape:
    """Return a list of it."""
    return {"type": "array", "items": shape}


def one_of(*values: str) -> Shape:
    """Return one of these words."""
    return {"type": "string", "enum": list(values)}


def named(shape: Shape) -> Shape:
    """Return an object whose members all have this shape."""
    return {"type": "object", "additionalProperties": shape}


def thing(members: Mapping[str, Shape], *, lacking: Sequence[str] = ()) -> Shape:
    """Return an object with these members and no other; those of `lacking` may be absent."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": [name for name in members if name not in lacking],
        "additionalProperties": False,
    }


def known(name: str) -> Shape:
    """Refer to a shape of the description by its name."""
    return {"$ref": f"#/components/schemas/{name}"}
