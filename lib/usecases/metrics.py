"""The metrics of product 6 as answers and files carry them: money as text, ratios as numbers."""

from decimal import Decimal

from lib.domain.figures import Figures
from lib.domain.money import money_text
from lib.domain.statistics import Drawdown


def in_words(found: Figures) -> dict[str, object]:
    """Write the figures by their names; `notes` say why one is null or weak."""

    def ratio(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    def money(value: Decimal | None) -> str | None:
        return None if value is None else money_text(value)

    rates, risk = found.money_weighted, found.risk
    notes = {"mwr": rates.period_note, "mwr_annual": rates.annual_note, **risk.notes, **found.notes}
    return {
        "nav": money(found.nav),
        "benchmark": money(found.benchmark),
        "difference": money(found.difference),
        "value_ratio": ratio(found.value_ratio),
        "net_flows": money(found.net_flows),
        "pnl": money(found.pnl),
        "twr": ratio(found.twr),
        "benchmark_twr": ratio(found.benchmark_twr),
        "active_return": ratio(found.active_return),
        "mwr": rates.period,
        "mwr_annual": rates.annual,
        "max_drawdown": _drawdown(found.max_drawdown),
        "benchmark_max_drawdown": _drawdown(found.benchmark_max_drawdown),
        **risk.values,
        "twr_24h": ratio(found.twr_24h),
        "benchmark_twr_24h": ratio(found.benchmark_twr_24h),
        "pnl_since_inception": money(found.pnl_since_inception),
        "put_in": money(found.put_in),
        "days": risk.days,
        "notes": {name: note for name, note in notes.items() if note is not None},
    }


def _drawdown(found: Drawdown | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "depth": float(found.depth),
        "from": found.start,
        "trough": found.trough,
        "recovered": found.recovered,
        "days": found.days,
    }
