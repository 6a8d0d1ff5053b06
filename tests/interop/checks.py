"""What every client must find."""

import sys


def fail(message: str) -> None:
    sys.exit(f"FAILED: {message}")


def check_tools(names: list[str], expected: int) -> None:
    if len(names) != expected or len(set(names)) != expected:
        fail(f"{len(names)} tools are listed, {expected} were expected")


def check_read(is_error: bool, content: object) -> None:
    if is_error or not isinstance(content, dict) or "Acme Corp" not in str(content):
        fail(f"list_customers answered {content!r} (error: {is_error})")


def check_create(is_error: bool, content: object) -> None:
    if is_error or not isinstance(content, dict) or "id" not in content:
        fail(f"create_customer answered {content!r} (error: {is_error})")
