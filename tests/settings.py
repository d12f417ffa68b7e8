"""Production's settings for the suite, save what needs a web server with TLS or time.

``DATABASE_URL`` alone is taken from outside: it chooses the database that is tested.
"""

import os

os.environ.update(
    ENV_FILE=os.devnull,
    DEBUG="false",
    DEMO="false",
    HTTPS="false",
    SECRET_KEY="only-for-the-suite-0123456789-abcdefghijklmnopqrstuvwxyz",
    ALLOWED_HOSTS="localhost,127.0.0.1",
    CONN_MAX_AGE="0",
    CACHE_URL="",
    EMAIL_URL="",
    DEFAULT_FROM_EMAIL="",
    # Signing in with a second factor has tests of its own.
    MFA_REQUIRED="false",
    TRUSTED_PROXIES="",
    SECRET_KEY_FALLBACKS="",
    SITE_URL="",
    TIME_ZONE="",
    LANGUAGE_CODE="",
    STALLED_AFTER_DAYS="",
    DORMANT_AFTER_DAYS="",
    EXPIRING_WITHIN_DAYS="",
    VERIFY_AFTER_DAYS="",
    SUGGESTION_CONTACT_DAYS="",
    SUGGESTIONS_MOST_WAITING="",
    DOCUMENT_MAX_BYTES="",
    DOCUMENT_SCANNER="",
    IMPORT_MAX_BYTES="",
    IMPORT_MAX_ROWS="",
)

# Only now: the settings read the environment as they are imported.
from twinning import settings as production

globals().update({name: value for name, value in vars(production).items() if name.isupper()})

# Static files as they lie: no collectstatic before a test.
WHITENOISE_USE_FINDERS = True
STORAGES = production.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# No test takes the current away from PostgreSQL: what is written need not have reached the disk.
if "postgresql" in production.DATABASES["default"]["ENGINE"]:
    production.DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c synchronous_commit=off"
    )
# A fast hash: tests sign in often, and no real password passes here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = production.VAR_DIR / "test-static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = production.VAR_DIR / "test-media"
