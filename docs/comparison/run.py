"""What MCP servers made from one OpenAPI document list, and what they send: mcpwright and two others.

    python3 docs/comparison/run.py PROGRAM        # the generated example, built

Installs the others at the versions below into target/comparison (PyPI, npm), gives each specs/crm.yaml and a
service on loopback that writes down what arrives, and prints the table of docs/book/src/comparison.md.
"""
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "target/comparison"
NPM = "@ivotoby/openapi-mcp-server@1.16.1"
SPEC = ROOT / "specs/crm.yaml"

if not (HERE / "done").exists():
    venv.create(HERE / "python", with_pip=True)
    subprocess.run([HERE / "python/bin/pip", "install", "-q", "-r", pathlib.Path(__file__).with_name("requirements.txt")], check=True)
    subprocess.run(["npm", "install", "--prefix", HERE, "--no-audit", "--no-fund", "--loglevel=error", NPM], check=True)
    (HERE / "done").touch()
if not sys.executable.startswith(str(HERE)):
    sys.exit(subprocess.run([HERE / "python/bin/python", __file__, *sys.argv[1:]]).returncode)

arrived: list[str] = []


class Service(http.server.BaseHTTPRequestHandler):
    """Answers everything with an empty record."""

    def do(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        arrived.append(f"{self.command} {self.path}")
        body = b'{"id":1,"data":[],"meta":{"total":0}}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

    def log_message(self, *_: object) -> None:
        pass


def plain(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


class Client:
    """A server over stdio, spoken to without anybody's SDK: each judges what the others list."""

    def __init__(self, command: list[str], variables: dict[str, str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **variables}, text=True)
        self.last = 0
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "comparison", "version": "1"}})
        self.say({"method": "notifications/initialized"})

    def say(self, message: dict) -> None:
        print(json.dumps({"jsonrpc": "2.0", **message}), file=self.process.stdin, flush=True)

    def ask(self, method: str, params: dict) -> dict:
        self.last += 1
        self.say({"id": self.last, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line) if line.startswith("{") else {}
            if answer.get("id") == self.last:
                return answer.get("result") or answer
        raise SystemExit(f"{method}: the server ended")

    def tools(self) -> list[dict]:
        found, page = [], self.ask("tools/list", {})
        found += page["tools"]
        while cursor := page.get("nextCursor"):
            page = self.ask("tools/list", {"cursor": cursor})
            found += page["tools"]
        return found

    def sent(self, tool: str, arguments: dict) -> tuple[list[str], str]:
        """What arrived when a tool was called, and what the caller was told."""
        arrived.clear()
        said = json.dumps(self.ask("tools/call", {"name": tool, "arguments": arguments}))
        return list(arrived), said


def measured(client: Client, names: dict[str, str]) -> dict[str, str]:
    tools = client.tools()
    listed = json.dumps(tools, separators=(",", ":"), ensure_ascii=False)
    hints = sum("destructiveHint" in tool.get("annotations", {}) or tool.get("annotations", {}).get("readOnlyHint") is True for tool in tools)
    # What clients put into a context: no output schemas, no hints.
    read = json.dumps([[tool["name"], tool.get("description", ""), tool["inputSchema"]] for tool in tools], separators=(",", ":"), ensure_ascii=False)
    row = {
        "tools": f"{len(tools)}",
        "names, descriptions and arguments, bytes / 4": f"{len(read.encode()) // 4:,}",
        "all of `tools/list`, bytes / 4": f"{len(listed.encode()) // 4:,}",
        "tools with hints of their risk": f"{hints}",
        "tools whose arguments are no object (MCP: `type: object`)": str(sum(tool["inputSchema"].get("type") != "object" for tool in tools)),
    }
    known = {plain(tool["name"]): tool["name"] for tool in tools}

    def sent(name: str, arguments: dict) -> tuple[list[str], str]:
        return client.sent(known.get(names.get(name, plain(name)), name), arguments)

    way, _ = sent("get_customer", {"customer_id": "../staff/1"})
    row["`get_customer` with the id `../staff/1`"] = ", ".join(f"sends `{one}`" for one in way) or "refused"
    way, _ = sent("delete_lead", {"lead_id": 1})
    row["`delete_lead`, called once"] = ", ".join(f"sends `{one}`" for one in way) or "asks first"
    both = [one for _ in range(2) for one in sent("create_lead", {"name": "Ann"})[0]]
    row["the same `create_lead` twice"] = f"{len(both)} request{'s' if len(both) != 1 else ''}"
    way, said = sent("create_invoice", {"customer_id": 1})
    row["`create_invoice` without its lines"] = ("sends it" if way else "refused") + (", with an example" if "xample" in said else "")
    client.process.kill()
    return row


def main() -> None:
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{service.server_port}"
    own = {"NORTHLIGHT_CRM_BASE_URL": url, "NORTHLIGHT_CRM_API_KEY": "key"}
    fastmcp = (
        "import httpx2, sys, yaml; from fastmcp import FastMCP; "
        "FastMCP.from_openapi(yaml.safe_load(open(sys.argv[1])), client=httpx2.AsyncClient(base_url=sys.argv[2]), name='crm')"
        ".run(transport='stdio', show_banner=False)"
    )
    program = str(pathlib.Path(sys.argv[1]).resolve())
    subjects = {
        "mcpwright, `all`": ([program, "stdio", "--view", "all"], own),
        "mcpwright, `core`": ([program, "stdio"], own),
        "FastMCP 4.1.2, `from_openapi`": ([sys.executable, "-c", fastmcp, str(SPEC), url], {}),
        "@ivotoby/openapi-mcp-server 1.16.1": ([str(HERE / "node_modules/.bin/openapi-mcp-server"), "--openapi-spec", str(SPEC), "--api-base-url", url, "--transport", "stdio", "--disable-abbreviation", "true"], {}),
    }
    table = {name: measured(Client(command, variables), {}) for name, (command, variables) in subjects.items()}
    print("| | " + " | ".join(table) + " |")
    print("|---|" + "---|" * len(table))
    for key in next(iter(table.values())):
        print(f"| {key} | " + " | ".join(row[key] for row in table.values()) + " |")


main()
