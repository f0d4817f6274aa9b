"""The OpenAPI 3.1 document, written from what the addresses declare: rules, forms and dataclasses."""

import dataclasses
import re
import types
from collections.abc import Iterable, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from django import forms
from django.urls import URLPattern

import mingjian
from mingjian.people.resources import JSON, Operation, Resource, resource_of
from mingjian.people.routing import facts_of

_CAPTURED = re.compile(r"<str:(\w+)>")
_PRIMITIVES: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}
_PROBLEMS = {"400": "bad request", "401": "not signed in", "403": "refused", "404": "not there for you", "409": "stale"}
_PROBLEM = {
    "type": "object",
    "description": "What was refused or went wrong, to what, what to do now, and the articles it rests on.",
    "required": ["code", "message", "remedy", "facts", "articles"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "remedy": {"type": "string"},
        "facts": {"type": "object"},
        "articles": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "form"],
                "properties": {"id": {"type": "string"}, "form": {"type": "string"}},
            },
        },
    },
}


def document(patterns: Iterable[URLPattern]) -> dict[str, Any]:
    """Return the document of these addresses, in the language that is active."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, Any] = {}
    for pattern in patterns:
        declared, facts = resource_of(pattern), facts_of(pattern)
        if declared is not None and facts is not None:
            paths[_CAPTURED.sub(r"{\1}", declared.pattern)] = _path(declared, rule=facts.rule, schemas=schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "明鉴 Mingjian", "version": mingjian.__version__},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "mingjian_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
    }


def _path(declared: Resource, *, rule: str, schemas: dict[str, Any]) -> dict[str, Any]:
    path: dict[str, Any] = {
        method.lower(): _operation(declared, method, operation, rule=rule, schemas=schemas)
        for method, operation in declared.operations.items()
    }
    captured = _CAPTURED.findall(declared.pattern)
    if captured:
        path["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in captured
        ]
    return path


def _operation(
    declared: Resource, method: str, operation: Operation, *, rule: str, schemas: dict[str, Any]
) -> dict[str, Any]:
    given = _schema(operation.gives, schemas)
    if operation.is_list:
        given = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": {"type": "array", "items": given}, "next": {"type": ["integer", "null"]}},
        }
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    told: dict[str, Any] = {
        "operationId": f"{method.lower()}_{declared.name}",
        "summary": str(operation.summary),
        "x-mingjian-rule": rule,
        "security": [{"session": [], "csrf": []} if method == "POST" else {"session": []}],
        "responses": {
            "200": {"description": "done", "content": {JSON: {"schema": given}}},
            **{status: {"description": words, **problem} for status, words in _PROBLEMS.items()},
        },
    }
    if operation.takes is None:
        return told
    fields = {name: _field(field) for name, field in operation.takes().fields.items()}
    required = [name for name, field in operation.takes().fields.items() if field.required]
    if method == "POST":
        taken = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": taken}}}
    else:
        told["parameters"] = [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in fields.items()
        ]
    return told


def _schema(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type; that of a dataclass stands once among `schemas`."""
    if kind in _PRIMITIVES:
        return dict(_PRIMITIVES[kind])
    if get_origin(kind) in (Union, types.UnionType):
        return {"anyOf": [_schema(each, schemas) for each in get_args(kind)]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], schemas)}
    if get_origin(kind) is dict:
        return {"type": "object"}
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"no schema for {kind}")
    name = getattr(kind, "__name__", "")
    if name not in schemas:
        schemas[name] = {}
        hints = get_type_hints(kind)
        schemas[name] = {
            "type": "object",
            "description": kind.__doc__ or "",
            "required": list(hints),
            "properties": {field: _schema(hint, schemas) for field, hint in hints.items()},
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _field(field: forms.Field) -> dict[str, Any]:
    """Return the schema of what a form's field takes."""
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(field, forms.BooleanField):
        schema = {"type": "boolean"}
    elif isinstance(field, forms.IntegerField):
        schema = {"type": "integer"}
        bounds = (("minimum", field.min_value), ("maximum", field.max_value))
        schema |= {name: bound for name, bound in bounds if bound is not None}
    elif isinstance(field, forms.UUIDField):
        schema["format"] = "uuid"
    elif isinstance(field, forms.ChoiceField):
        schema["enum"] = [value for value, _label in _flat(field.choices)]
    elif isinstance(field, forms.CharField) and field.max_length is not None:
        schema["maxLength"] = field.max_length
    if field.label:
        schema["title"] = str(field.label)
    return schema


def _flat(choices: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for value, label in choices:
        found += label if isinstance(label, list | tuple) else [(str(value), label)]
    return found
