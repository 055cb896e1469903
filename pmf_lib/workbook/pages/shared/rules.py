"""The rules in force on a page, with their parameters, so that its figures can be re-performed."""

from __future__ import annotations

from pmf_lib.performance.benchmark import BenchmarkOptions
from pmf_lib.performance.forecast.options import ForecastOptions
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.performance.spc.limits import LIMIT_FACTOR, SCREEN_FACTOR
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import date_words
from pmf_lib.workbook import edition
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures.others import options
from pmf_lib.workbook.pages.shared import decisions
from pmf_lib.workbook.pieces.markup import Html, bullets
from pmf_lib.workbook.pieces.words import counted, listing

BY_CHANCE = (
    "The rules take noise for a change at times: in about 2 of 100 series of nothing but noise the last point is told as "
    "real, and in more where each value follows the one before (docs/methods/control-charts.md)."
)


def rules(book: Book) -> Html:
    """The rules in force on this page, with their parameters."""
    status = book.schemes.status
    return bullets(
        [
            f"Status: {status.source} (dated {date_words(status.dated)}). {status_rule(status)}",
            chart_rule(book.schemes.xmr),
            decisions.rule(book),
            benchmark_rule(options(book)),
            forecast_rule(book.schemes.forecast),
            clause_rule(book),
            *edition.rules(book),
        ]
    )


def chart_rule(xmr: XmrOptions) -> str:
    """How control charts are drawn and read, and how often they are wrong."""
    return (
        f"Control charts (XmR): mean ± {LIMIT_FACTOR} × mean moving range{_screen(xmr)}; each segment on its own{_fixed(xmr)}; "
        f"shift and trend {xmr.shift_n} and {xmr.trend_n} points; two in three as '{xmr.two_in_three}'; trial limits below "
        f"{xmr.trial_limits_below} points; refused below {xmr.refuse_below}. {_seasons(xmr)}; {_laney(xmr)}. For "
        f"{counted(xmr.rebase_open_quarters, 'quarter', in_words=True)} after a decision to begin limits anew its measure is shown in "
        f"full, however steady it looks. {BY_CHANCE}"
    )


def status_rule(own: StatusScheme) -> str:
    """How values are rounded and rated, and changes compared."""
    share = "% of the target" if own.tolerance.kind == "per-cent" else " in the measure's unit"
    across = "within its year" if own.no_direction_across == "change-within-year" else "of any kind"
    return (
        f"Values are rounded once, halves away from nought, to the measure's decimals, before they are rated (method "
        f"'{own.method}'); a target without a tolerance of its own has one of {own.tolerance.amount:g}{share}. No direction of "
        f"travel is given across a change of target {across}; annual figures are compared by {own.change_confidence_pct:g}% intervals."
    )


def benchmark_rule(own: BenchmarkOptions) -> str:
    """How figures are set beside others'.

    >>> benchmark_rule(BenchmarkOptions())
    "Others: quartiles 'linear', the council counted among the authorities; quarters and distances (in median absolute deviations) from 12 of them on; figures compared as they are shown; 95% intervals where counts allow, and half a unit of the other figure for its rounding; not for counts of appointments, attendances, calls, collections, contacts, days, exclusions, hours, journeys, kilograms, kilometres, miles, nights, sessions, suspensions, tonnes, visits or weeks, which are no separate cases."
    """
    itself = "counted" if own.counts_itself else "not counted"
    rounded = "as they are shown" if own.rounding == "measure" else "as published"
    not_cases = (
        f"; not for counts of {listing(own.occasions, 'or')}, which are no separate cases"
        if own.occasions
        else ""
    )
    apart = f"; nearest neighbours: {listing(own.neighbours)}" if own.neighbours else ""
    closed = f"; never counted: {listing(own.closed)}" if own.closed else ""
    return (
        f"Others: quartiles '{own.quantile_method}', the council {itself} among the {own.authority_rows}; quarters and distances "
        f"(in median absolute deviations) from {own.least_authorities} of them on; figures compared {rounded}; "
        f"{own.confidence_pct:g}% intervals where counts allow, and half a unit of the other figure for its rounding{not_cases}{apart}{closed}."
    )


def forecast_rule(own: ForecastOptions) -> str:
    """How the year's end is forecast, and when it is not."""
    least, gap = (
        listing(counted(count, kind) for kind, count in counts.model_dump().items())
        for counts in (own.least_training, own.longest_gap)
    )
    weights = listing(f"{weight:g}" for weight in own.level_weights)
    return (
        f"Forecasts: exponential smoothing ({listing(own.forms)}), averaged over weights {weights} on the newest value; trend "
        f"{own.trend_share:g} of it, damped by {own.damping:g}; season {own.seasonal_share:g} of the rest; {own.interval_pct:g}% "
        f"ranges. Tested from {own.least_folds} to {own.folds} earlier times, each after {least} at least (up to {gap} missing in a "
        "row), and withheld where it does not beat what the same periods brought a year before."
    )


def _screen(xmr: XmrOptions) -> str:
    """Which moving ranges the mean is taken of, so that limits can be re-performed."""
    neighbours = " between neighbouring periods"
    if not xmr.screen:
        return f"{neighbours}, all of them"
    return (
        f"{neighbours}, of which those of {SCREEN_FACTOR} × their mean and more are left out first, once (none, where "
        "that would leave no range above nought)"
    )


def _seasons(xmr: XmrOptions) -> str:
    if xmr.seasonal_f is None:
        return "Seasons are not looked for"
    return f"A season counts as marked from F {xmr.seasonal_f:g} with a chance of {xmr.seasonal_p:g} or less"


def _laney(xmr: XmrOptions) -> str:
    if xmr.laney == "never":
        return "p′ and u′ charts are not drawn"
    return (
        f"p′ and u′ charts where fewer than {xmr.laney_small:g} cases are expected, or denominators are "
        f"{xmr.laney_vary:g} times apart"
    )


def _fixed(xmr: XmrOptions) -> str:
    return f", from its first {xmr.fix_after_n} points" if xmr.fix_after_n else ""


def clause_rule(book: Book) -> str:
    """How many exceptions a clause bears."""
    clauses = book.schemes.clauses
    return (
        f"Arrangements: a clause is partly met with exceptions in at most {clauses.partly_up_to_pct:g} per cent of the "
        f"subjects tested, not met beyond. {clauses.source}"
    )
