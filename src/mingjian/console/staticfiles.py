"""Static files under names that carry their hash, import statements of ES modules included."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django_htmx
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage, Storage

_HTMX = "django_htmx/htmx-2.min.js"


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashes CSS and module imports alike, so that a browser may keep every file for ever."""

    support_js_module_import_aggregation = True


class HtmxFinder(BaseFinder):
    """Takes htmx itself out of its package, and none of the extensions beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._storage = FileSystemStorage(location=Path(django_htmx.__file__).parent / "static")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return [self._storage.path(_HTMX)] if path == _HTMX else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield _HTMX, self._storage
