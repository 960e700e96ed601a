"""What other people's packages make of the same daily index values and the same payments; runs in their environment.

Reads JSON on standard input: `series` (account and benchmark index values, oldest first, and a yearly rate free of
risk) and `payments` (days and amounts). Writes what each package says to standard output, by name.
"""

import json
import sys
import warnings
from datetime import date, timedelta
from typing import Any

import empyrical  # type: ignore[import-not-found]
import numpy as np  # type: ignore[import-not-found]
import pandas as pd  # type: ignore[import-untyped]
import pyxirr  # type: ignore[import-not-found]
import quantstats.stats as qs  # type: ignore[import-not-found]

YEAR = 365
ROOT = np.sqrt(YEAR)

type Figures = dict[str, Any]


def returns_of(values: list[float]) -> Any:
    days = pd.date_range("2024-01-01", periods=len(values), freq="D")
    return pd.Series(values, index=days, dtype=float).pct_change().iloc[1:]


def by_empyrical(mine: Any, theirs: Any, risk_free: float) -> Figures:
    daily, year = risk_free / YEAR, {"annualization": YEAR}
    up, down = theirs > 0, theirs < 0

    def mean(returns: Any) -> Any:
        return empyrical.annual_return(returns, annualization=1)  # of a "year" of one day: the geometric daily mean

    return {
        "volatility": empyrical.annual_volatility(mine, **year),
        "sharpe": empyrical.sharpe_ratio(mine, daily, **year),
        "sortino": empyrical.sortino_ratio(mine, daily, **year),
        "cagr": empyrical.annual_return(mine, **year),
        "calmar": empyrical.calmar_ratio(mine, **year),
        "beta": empyrical.beta(mine, theirs, daily),
        "tracking_error": empyrical.annual_volatility(mine - theirs, **year),
        "information_ratio": empyrical.excess_sharpe(mine, theirs) * ROOT,
        "up_capture": mean(mine[up]) / mean(theirs[up]),
        "down_capture": mean(mine[down]) / mean(theirs[down]),
        "max_drawdown": empyrical.max_drawdown(mine),
        "alpha compounded": empyrical.alpha(mine, theirs, daily, **year),
    }


def by_quantstats(mine: Any, theirs: Any, risk_free: float) -> Figures:
    excess, other = mine - risk_free / YEAR, theirs - risk_free / YEAR
    greeks = qs.greeks(excess, other, periods=YEAR, prepare_returns=False)
    return {
        "volatility": qs.volatility(mine, periods=YEAR, prepare_returns=False),
        "sharpe": qs.sharpe(excess, periods=YEAR),
        "sortino": qs.sortino(excess, periods=YEAR),
        "cagr": qs.cagr(mine, periods=YEAR),
        "calmar": qs.calmar(mine, prepare_returns=False, periods=YEAR),
        "beta": greeks["beta"],
        "alpha": greeks["alpha"],
        "information_ratio": qs.information_ratio(mine, theirs, prepare_returns=False) * ROOT,
        "max_drawdown": qs.max_drawdown(mine),
        "sharpe compounded": qs.sharpe(mine, rf=risk_free, periods=YEAR),
    }


def by_pandas(mine: Any, theirs: Any, _risk_free: float) -> Figures:
    return {"correlation": mine.corr(theirs)}


def of_series(series: dict[str, Any]) -> dict[str, Figures]:
    mine, theirs = returns_of(series["account"]), returns_of(series["benchmark"])
    books = {"empyrical": by_empyrical, "quantstats": by_quantstats, "pandas": by_pandas}
    benchmark = {"empyrical": by_empyrical, "quantstats": by_quantstats}
    alone = ("volatility", "sharpe", "sortino", "cagr", "calmar", "max_drawdown")
    found = {name: book(mine, theirs, series["risk_free"]) for name, book in books.items()}
    for name, book in benchmark.items():
        other = book(theirs, mine, series["risk_free"])
        found[name] |= {f"benchmark_{figure}": other[figure] for figure in alone}
    return {name: {figure: float(value) for figure, value in book.items()} for name, book in found.items()}


def of_payments(payments: dict[str, Any]) -> float:
    """Their rate, taken one step of Newton further by their own present value: they stop at some 1e-9."""
    days = [date(2024, 1, 1) + timedelta(days=day) for day in payments["days"]]

    def worth(rate: float) -> float:
        return float(pyxirr.xnpv(rate, days, payments["amounts"]))

    rate, step = float(pyxirr.xirr(days, payments["amounts"])), 1e-6
    return rate - worth(rate) / ((worth(rate + step) - worth(rate - step)) / (2 * step))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    answer = {
        "series": {name: of_series(series) for name, series in asked["series"].items()},
        "payments": {name: of_payments(payments) for name, payments in asked["payments"].items()},
    }
    json.dump(answer, sys.stdout)
