"""Row-level security as migrations write it. What is said here is in migrations for ever: add, never change.

The scope of a connection is one setting, `mingjian.scope`: `machine`, or `<person>|<campus>,…|<body>|<post>`. The
functions that read it are called in sub-selects, so that PostgreSQL asks once per statement and not once per row.
"""

from django.db.migrations import RunSQL

_MACHINE = "(SELECT mingjian_scope_is_machine())"

FUNCTIONS = """
CREATE FUNCTION mingjian_scope_is_machine() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('mingjian.scope', true), '') = 'machine' $$;
CREATE FUNCTION mingjian_scope_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT substring(current_setting('mingjian.scope', true) FROM '^([0-9a-f-]{36})[|]')::uuid $$;
CREATE FUNCTION mingjian_scope_campuses() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT string_to_array(
        substring(current_setting('mingjian.scope', true) FROM '^[0-9a-f-]{36}[|]([^|]+)[|]'), ',') $$;
CREATE FUNCTION mingjian_scope_body() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT substring(current_setting('mingjian.scope', true) FROM '^[0-9a-f-]{36}[|][^|]*[|]([^|]+)$') $$;
"""
FUNCTIONS_BACK = """
DROP FUNCTION mingjian_scope_body();
DROP FUNCTION mingjian_scope_campuses();
DROP FUNCTION mingjian_scope_person();
DROP FUNCTION mingjian_scope_is_machine();
"""


def is_mine(column: str) -> str:
    """The row names the person who acts."""
    return f"{column} = (SELECT mingjian_scope_person())"


def is_in_reach(column: str) -> str:
    """The row's campus is one that the capacity reaches."""
    return f"{column} = ANY ((SELECT mingjian_scope_campuses())::text[])"


def is_of_my_body(column: str) -> str:
    """The row names the body that is acted for: a unit's own, on whatever campus it stands."""
    return f"{column} = (SELECT mingjian_scope_body())"


def is_acted_as(*posts: str) -> str:
    """Whoever acts holds one of these posts, and acts in it."""
    named = ", ".join(f"'{post}'" for post in posts)
    return f"(SELECT mingjian_scope_post()) IN ({named})"


def belongs_to(column: str, table: str) -> str:
    """The row belongs to one of a fenced table, and that one can be seen."""
    return exists(f"{table} AS owner", where=f"owner.id = {column}")


def exists(rows: str, *, where: str) -> str:
    """There is such a row that can be seen."""
    return f"EXISTS (SELECT 1 FROM {rows} WHERE {where})"  # noqa: S608 - names that our own migrations write


def fence(table: str, *rows: str) -> RunSQL:
    """Close a table to everybody, its owner included, but for the rows of one of these conditions and for machines."""
    condition = " OR ".join((_MACHINE, *rows))
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_scope ON {table} USING ({condition}) WITH CHECK ({condition});",
        f"DROP POLICY {table}_scope ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def seal(table: str, *, name: str, rows: str) -> RunSQL:
    """Let nobody but machines see or write any but these rows of a fenced table, whatever else would show them."""
    condition = f"{_MACHINE} OR ({rows})"
    return RunSQL(
        f"CREATE POLICY {table}_{name} ON {table} AS RESTRICTIVE USING ({condition}) WITH CHECK ({condition});",
        f"DROP POLICY {table}_{name} ON {table};",
    )


def gate(table: str, *, name: str, rows: str) -> RunSQL:
    """Let more rows of a fenced table be read, never written: how a room above adds its own reason."""
    return RunSQL(
        f"CREATE POLICY {table}_{name} ON {table} FOR SELECT USING ({rows});", f"DROP POLICY {table}_{name} ON {table};"
    )
