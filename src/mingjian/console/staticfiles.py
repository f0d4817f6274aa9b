"""Static files under names that carry their hash, import statements of ES modules included."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashes CSS and module imports alike, so that a browser may keep every file for ever."""

    support_js_module_import_aggregation = True
