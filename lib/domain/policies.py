"""A benchmark's policy in words: the one form in which files, the database and the API carry it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lib.domain.benchmark import Policy
from lib.domain.money import plain
from lib.domain.schedule import Band, Daily, Monthly, Rule, Weekly
from lib.errors import InvalidInput

type Words = dict[str, object]

_MOST_PLACES = 30  # from the point, as in a history file: beyond, arithmetic with 50 digits says nothing
_USUAL = Weekly()  # an absent key has its part of the default of product 4.5


def in_words(policy: Policy) -> Words:
    """Write a policy with every key, numbers as strings."""
    return {
        "weights": {asset: plain(weight) for asset, weight in sorted(policy.weights.items())},
        "deposits": policy.deposits,
        "withdrawals": policy.withdrawals,
        "rebalance": _rule_in_words(policy.rebalance),
        "cost_bp": plain(policy.cost_bp),
        "risk_free": plain(policy.risk_free),
    }


def from_words(words: Mapping[str, object]) -> Policy:
    """Read a policy; an absent key has its default, unknown keys are ignored.

    Weights come out in the order of their names: sums over them round alike wherever they are made.
    Raises: InvalidInput naming the key.
    """
    standard = Policy()
    weights = words.get("weights")
    return Policy(
        weights=standard.weights if weights is None else _weights(weights),
        rebalance=_rule(words["rebalance"]) if "rebalance" in words else standard.rebalance,
        deposits=_text(words.get("deposits", standard.deposits), "deposits"),
        withdrawals=_text(words.get("withdrawals", standard.withdrawals), "withdrawals"),
        cost_bp=_number(words.get("cost_bp", "0"), "cost_bp"),
        risk_free=_number(words.get("risk_free", "0"), "risk_free"),
    )


def _rule_in_words(rule: Rule) -> Words | None:
    match rule:
        case None:
            return None
        case Daily(hour):
            return {"every": "day", "hour": hour}
        case Weekly(weekday, hour):
            return {"every": "week", "weekday": weekday, "hour": hour}
        case Monthly(day, hour):
            return {"every": "month", "day": day, "hour": hour}
        case Band(width):
            return {"band": plain(width)}


def _rule(words: object) -> Rule:
    if words is None:
        return None
    if not isinstance(words, Mapping):
        raise InvalidInput("rebalance", "must be null or an object")
    if "band" in words:
        width = _number(words["band"], "rebalance.band")
        if not 0 < width < 1:
            raise InvalidInput("rebalance.band", f"must lie between 0 and 1, got {width}")
        return Band(width)
    hour = _whole(words, "hour", 0, 23, _USUAL.hour)
    match words.get("every", "week"):
        case "day":
            return Daily(hour)
        case "week":
            return Weekly(_whole(words, "weekday", 0, 6, _USUAL.weekday), hour)
        case "month":
            return Monthly(_whole(words, "day", 1, 31, 1), hour)
    raise InvalidInput("rebalance.every", "must be day, week or month")


def _weights(words: object) -> dict[str, Decimal]:
    if not isinstance(words, Mapping) or not words:
        raise InvalidInput("weights", "must be an object of asset and weight")
    return {str(asset): _number(words[asset], f"weights.{asset}") for asset in sorted(words)}


def _text(word: object, key: str) -> str:
    if not isinstance(word, str):
        raise InvalidInput(key, "must be a text")
    return word


def _number(word: object, key: str) -> Decimal:
    """Read a number that is a string or a JSON number; a float is read as it was written."""
    if isinstance(word, bool) or not isinstance(word, str | int | float | Decimal):
        raise InvalidInput(key, "must be a number")
    try:
        number = Decimal(str(word))
    except InvalidOperation:
        raise InvalidInput(key, f"must be a number, got {word!r}") from None
    if not number.is_finite():
        raise InvalidInput(key, "must be a finite number")
    if number and abs(number.adjusted()) > _MOST_PLACES:
        raise InvalidInput(key, f"is beyond what it can be: {number:.3E}")
    return number


def _whole(words: Mapping[str, object], key: str, least: int, most: int, default: int) -> int:
    number = _number(words.get(key, default), f"rebalance.{key}")
    if not least <= number <= most or number % 1:
        raise InvalidInput(f"rebalance.{key}", f"must be a whole number from {least} to {most}, got {number}")
    return int(number)
