"""The charts of the day: read once, moved again when the day changes."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cds_service.web.fhir_server_charts import ServedChart, serve
from cds_service.web.fhir_server_situations import Situation, fixtures_folder, load_situations


class Charts:
    """All situations' charts, as of today in the zone. ``folder``: where they are, else our own."""

    def __init__(self, zone: ZoneInfo, folder: Path | None = None) -> None:
        self.zone = zone
        self.situations: tuple[Situation, ...] = load_situations(folder or fixtures_folder())
        self._day: date | None = None
        self._charts: tuple[ServedChart, ...] = ()

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
