"""Whether the settings are there, right and strong."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from lib import settings as configuration
from lib.errors import ConfigurationError
from lib.local.doctor.finding import Finding, ok, problem, warning
from lib.notify import services
from lib.settings import HOW_TO_GET, Settings, WrongSettings

_SETTINGS, _SECRETS, _ALERTS = "settings", "secrets", "alerts"
_LEAST_LETTERS, _LEAST_DIFFERENT = 16, 8
_PLACEHOLDERS = (
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "example",
    "password",
    "your-",
    "your_",
    "12345678",
)
_TRANSACTION_PORT = 6543
_POOLER_USER = "postgres."
_ANOTHER = "set what another ./monitor keygen prints, here and where it is deployed"


def unreadable(error: ConfigurationError) -> tuple[Finding, ...]:
    """Name every setting that cannot be used; without them nothing else can be looked at."""
    told = error.problems if isinstance(error, WrongSettings) else (str(error),)
    return tuple(
        problem(_SETTINGS, each, "correct it in .env or in the environment, which beats .env") for each in told
    )


def check(settings: Settings) -> tuple[Finding, ...]:
    """Check settings that could be read."""
    if settings.demo:
        return (ok(_SETTINGS, "demo mode: no setting is needed, and every caller is let in"), *_services(settings))
    return (*_home(settings), *(_secrets(settings) or [ok(_SECRETS, "set and strong")]), *_services(settings))


def _home(settings: Settings) -> Iterator[Finding]:
    names = configuration.missing(settings)
    for name in names:
        yield problem(_SETTINGS, f"{name} is not set", HOW_TO_GET[name])
    if not names:
        yield ok(_SETTINGS, f"everything that is needed is set; the store is {_store(settings)}")
    if settings.supabase_key is not None:
        yield from _supabase_key(settings.supabase_key)
    if settings.supabase_url is not None and settings.supabase_db_url is not None:
        yield from _pooler(settings.supabase_url, settings.supabase_db_url)


def _store(settings: Settings) -> str:
    if settings.supabase_url is not None:
        return settings.supabase_url
    return "the Postgres of DATABASE_URL" if settings.database_url is not None else "the embedded Postgres"


def _supabase_key(key: str) -> Iterator[Finding]:
    """The settings refuse what is for browsers; what is left may still be old, or no key at all."""
    if key.startswith("sb_secret_"):
        return
    if key.startswith("eyJ"):
        yield warning(
            _SETTINGS,
            "the key of Supabase is a service_role one, which is being phased out",
            "make a secret key (Supabase, Settings, API keys) and set it as SUPABASE_SECRET_KEY",
        )
        return
    yield problem(_SETTINGS, "SUPABASE_SECRET_KEY is no key of Supabase", HOW_TO_GET["SUPABASE_SECRET_KEY"])


def _pooler(url: str, dsn: str) -> Iterator[Finding]:
    """The two must lead to the same project, and the connection must keep its session."""
    parts = urlsplit(dsn)
    project = (urlsplit(url).hostname or "").removesuffix(".supabase.co")
    user = parts.username or ""
    meant = user.removeprefix(_POOLER_USER) if user.startswith(_POOLER_USER) else project
    if "." not in project and meant != project:
        yield problem(
            _SETTINGS,
            f"SUPABASE_URL is project {project}, SUPABASE_DB_URL is project {meant}",
            "take both from the same project",
        )
    if parts.port == _TRANSACTION_PORT:
        yield problem(
            _SETTINGS,
            "SUPABASE_DB_URL is the transaction pooler, which cannot migrate",
            "take the session pooler's connection string: the same with port 5432",
        )


def _secrets(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    hosted = settings.supabase_url is not None
    if settings.cron_secret is None and hosted:
        found.append(problem(_SECRETS, "CRON_SECRET is not set: nothing can start a run there", _ANOTHER))
    if settings.api_token is None:
        found.append(warning(_SECRETS, "API_TOKEN is not set: the page and the API cannot be read", _ANOTHER))
    for name, secret in (("CRON_SECRET", settings.cron_secret), ("API_TOKEN", settings.api_token)):
        if secret is not None and (why := weakness(secret)):
            found.append(problem(_SECRETS, f"{name} {why}", _ANOTHER))
    if settings.cron_secret is not None and settings.cron_secret == settings.api_token:
        found.append(warning(_SECRETS, "CRON_SECRET and API_TOKEN are the same: who may read may start runs", _ANOTHER))
    return found


def _services(settings: Settings) -> Iterator[Finding]:
    """Name the addresses of ALERT_URLS that no service has, by their place: their text is secret."""
    urls = settings.alert_urls
    wrong = services.unknown(urls) if urls else ()
    for place in wrong:
        message = f"number {place} of ALERT_URLS is no address of a service that is known"
        yield problem(_ALERTS, message, "write it as apprise's list of services says; then ./monitor alerts test")
    if urls and not wrong:
        count = f"{len(urls)} services are" if len(urls) > 1 else "one service is"
        yield ok(_ALERTS, f"{count} told; ./monitor alerts test tries whether it arrives")


def weakness(secret: str) -> str | None:
    """Say why a bearer's secret could be guessed or not be sent; None where nothing speaks against it."""
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        return "has a character that a header cannot carry"
    if len(secret) < _LEAST_LETTERS:
        return f"has fewer than {_LEAST_LETTERS} characters"
    if any(word in secret.lower() for word in _PLACEHOLDERS):
        return "is a placeholder"
    return "repeats few characters" if len(set(secret)) < _LEAST_DIFFERENT else None
