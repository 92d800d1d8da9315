"""The charts of the day: moved again when the day changes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from cds_service import situations
from cds_service.situations import Situation
from cds_service.web.fhir_server.charts import ServedChart, serve


class Charts:
    """Situations' charts, as of today in the zone. ``read`` is asked for them when a page first is."""

    def __init__(self, zone: ZoneInfo, read: Callable[[], Iterable[Situation]]) -> None:
        self.zone = zone
        self._read = read
        self._day: date | None = None
        self._charts: tuple[ServedChart, ...] = ()

    @cached_property
    def situations(self) -> Sequence[Situation]:
        """All of them, in their order."""
        return tuple(self._read())

    def day(self) -> date:
        """Today in the zone."""
        return datetime.now(self.zone).date()

    def today(self) -> Sequence[ServedChart]:
        """The charts as if every situation happened today."""
        day = self.day()
        if day != self._day:
            self._charts = tuple(serve(situation, day) for situation in self.situations)
            self._day = day
        return self._charts

    def of(self, name: str) -> ServedChart | None:
        """The chart of one situation, or None."""
        return next((chart for chart in self.today() if chart.situation.name == name), None)


def installed_charts(zone: ZoneInfo) -> Charts:
    """The charts of ``fhir_fixtures/``. Raises ConfigurationError where the installation lacks them."""
    situations.names()  # raises here, and not when a page is first opened
    return Charts(zone, situations.load_all)
