"""The service's settings: environment variables ``CDS_…``, read once."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen; every field is one variable. The README's table is checked against this class."""

    env: str = "development"
    public_base_url: str = "http://127.0.0.1:8080"
    database_url: str = "sqlite:///cds-service.db"
    issuers: str | None = None
    default_language: str = "en"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    disabled_topics: frozenset[str] = frozenset()
    cors_origins: tuple[str, ...] = ("*",)
    max_body_bytes: int = 5_000_000
    rate_limit: str | None = None
    rate_limit_caller: str | None = None
    rate_limit_storage: str = "memory://"
    proxy_hops: int = 0
    single_host: bool = False
    fetch_deadline_seconds: float = 2.0
    allow_private_fhir: bool = False
    store_comments: bool = False
    report_page: bool = False

    @property
    def production(self) -> bool:
        """True in production mode, where nothing insecure is allowed to start."""
        return self.env == "production"
