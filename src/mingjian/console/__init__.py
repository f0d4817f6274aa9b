"""The shell around the rooms: settings, routes, shared templates and static files. Decides nothing."""
