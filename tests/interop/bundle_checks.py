"""What `mcpwright bundle` makes, by the tools of those who take it: MCPB, Helm, Kubernetes, Docker's linter.

    python bundle_checks.py BUNDLE SCRATCH NODE MCPB TOOLS

CRM_URL and CRM_KEY say where the CRM is and what lets in there.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import yaml
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client

from checks import check_read

BIN = Path(sys.executable).parent
CRM, KEY = os.environ["CRM_URL"], os.environ["CRM_KEY"]
# Nothing of this environment reaches a program but what its package says.
PLAIN = {"PATH": os.environ["PATH"]}
# A chart with all that can be switched on, and with keys.
VALUES = [
    [],
    [
        "auth.mode=oauth", "auth.oauth.issuer=https://id.example.com", "credentials.existingSecret=c",
        "redis.existingSecret=r", "service.type=LoadBalancer",
        "autoscaling.enabled=true", "ingress.enabled=true", "ingress.tlsSecret=t", "networkPolicy.enabled=true",
        "networkPolicy.callers={a}", "metrics.serviceMonitor.enabled=true", "view=lean", "readOnly=true",
        "settings.RATE=10/s", "settings.MAX_RESPONSE_BYTES=10485760", "allowedOrigins={https://app.example.com}",
    ],
    ["auth.mode=keys", "auth.keys.existingSecret=k", "credentials.existingSecret=c", "replicaCount=3",
     "redis.existingSecret=r"],
    ["autoscaling.enabled=true", "autoscaling.minReplicas=1", "autoscaling.maxReplicas=1"],
]
PAGE = Path(__file__).parents[2] / "docs/book/src/howto/publish.md"
REFUSED = [
    (["baseUrl="], "baseUrl is needed"),
    (["image.repository="], "image.repository is needed"),
    (["auth.mode=keys"], "needs auth.keys.existingSecret"),
    (["auth.mode=keys", "auth.keys.existingSecret=k"], "needs a credential of the service"),
    (["autoscaling.enabled=true", "autoscaling.minReplicas=9"], "is more than"),
    (["settings.BASE_URL=https://x.example"], "has a value of its own"),
    (["auth.mode=oauth"], "needs auth.oauth.issuer"),
    (["credentials.existingSecret=c"], "leave credentials.existingSecret empty"),
    (["replicaCount=2"], "2 replicas need redis.existingSecret"),
    (["autoscaling.enabled=true"], "6 replicas need redis.existingSecret"),
    (["auth.mode=none"], "auth.mode"),
    (["replicas=2"], "replicas"),
]


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=PLAIN)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def reads(session: ClientSession, at_most: int) -> None:
    await session.initialize()
    listed = [tool.name for tool in (await session.list_tools()).tools]
    assert 0 < len(listed) <= at_most and len(set(listed)) == len(listed), listed
    read = await session.call_tool("list_customers", {"limit": 5})
    check_read(read.isError, read.structuredContent)


async def desktop(bundle: Path, scratch: Path, node: str, mcpb: str, tools: int) -> None:
    """As a desktop client does it: unpack, fill in, start, call."""
    archive = next(bundle.glob("*.mcpb"))
    folder = scratch / "unpacked"
    run(node, mcpb, "unpack", archive, folder)
    run(node, mcpb, "validate", folder / "manifest.json")
    manifest = json.loads((folder / "manifest.json").read_text())
    asked = manifest["user_config"]
    filled = {"base_url": CRM, "api_key": KEY}
    assert asked["api_key"]["sensitive"] is True

    def put(text: str) -> str:
        text = text.replace("${__dirname}", str(folder))
        return re.sub(r"\$\{user_config\.(\w+)}", lambda m: filled.get(m[1], asked[m[1]].get("default", m[0])), text)

    config = manifest["server"]["mcp_config"]
    environment = {name: put(value) for name, value in config["env"].items()}
    started = StdioServerParameters(command=put(config["command"]), args=config["args"], env=environment)
    async with stdio_client(started) as (reader, writer), ClientSession(reader, writer) as session:
        await reads(session, tools)


async def serves(program: Path, arguments: list[str], environment: dict[str, str]) -> None:
    """A container's arguments on free ports, until `health` says that the server is well; then a call."""
    ports = {"8970": free(), "9464": free()}

    def own(text: str) -> str:
        return re.sub(r"(?:0\.0\.0\.0|127\.0\.0\.1):(8970|9464)", lambda m: f"127.0.0.1:{ports[m[1]]}", text)

    arguments = [own(argument) for argument in arguments]
    server = subprocess.Popen([program, *arguments], env={**PLAIN, **environment}, stderr=subprocess.DEVNULL)
    try:
        health = [program, "health", "--ready", "--admin-listen", f"127.0.0.1:{ports['9464']}"]
        for _ in range(100):
            if subprocess.run(health, env=PLAIN, capture_output=True).returncode == 0:
                break
            assert server.poll() is None, arguments
            time.sleep(0.1)
        else:
            raise AssertionError(f"never well: {arguments}")
        address = f"http://127.0.0.1:{ports['8970']}/mcp"
        async with streamablehttp_client(address, headers={"X-API-KEY": KEY}) as (reader, writer, _):
            async with ClientSession(reader, writer) as session:
                await reads(session, 200)
    finally:
        server.terminate()
        assert server.wait(20) == 0


def as_the_page_says(folder: Path) -> None:
    """The commands of howto/publish.md with `helm install`, rendered with this chart."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("$ helm ")]
    assert lines, PAGE
    for line in lines:
        tool, verb, name, chart_folder, *options = shlex.split(line.removeprefix("$ "))
        assert (tool, verb) == ("helm", "install") and chart_folder == f"bundle/helm/{name}", line
        run(BIN / "helm", "template", name, folder, *options)


async def chart(bundle: Path, scratch: Path, program: Path) -> None:
    folder = next((bundle / "helm").iterdir())
    run(BIN / "helm", "lint", "--strict", folder)
    as_the_page_says(folder)
    for number, values in enumerate(VALUES):
        options = [option for value in values for option in ("--set", value)]
        text = run(BIN / "helm", "template", "release", folder, *options)
        rendered = scratch / f"chart-{number}.yaml"
        rendered.write_text(text)
        kinds = [one["kind"] for one in yaml.safe_load_all(text) if one]
        # What Kubernetes itself defines; the monitor belongs to Prometheus' operator.
        known = scratch / f"known-{number}.yaml"
        known.write_text(yaml.safe_dump_all(
            [one for one in yaml.safe_load_all(text) if one and one["kind"] != "ServiceMonitor"]))
        run(BIN / "kubernetes-validate", "--strict", "--no-warn", "-k", "1.33", known)
        assert "Deployment" in kinds and ("Ingress" in kinds) == ("ingress.enabled=true" in values), kinds
    for values, expected in REFUSED:
        options = [option for value in values for option in ("--set", value)]
        done = subprocess.run([BIN / "helm", "template", "release", folder, *options], capture_output=True, text=True)
        assert done.returncode != 0 and expected in done.stderr, f"{values}: {done.stderr}"
    # A file of values: numbers are floats there. Names of callers are those of the ingress and of the Service.
    own = scratch / "values.yaml"
    own.write_text("settings: {MAX_RESPONSE_BYTES: 10485760}\npublicUrl: ''\n"
                   "ingress: {enabled: true, host: m.example.com}\nallowedHosts: []\n")
    text = run(BIN / "helm", "template", "release", folder, "-f", own)
    assert 'value: "10485760"' in text and '"--allow-host=m.example.com"' in text and ".svc.cluster.local" in text, text
    full = list(yaml.safe_load_all((scratch / "chart-1.yaml").read_text()))
    shown = [one for one in full if one and one["kind"] == "Service" and one["spec"]["type"] == "LoadBalancer"]
    assert [port["name"] for port in shown[0]["spec"]["ports"]] == ["mcp"], shown
    objects = yaml.safe_load_all((scratch / "chart-0.yaml").read_text())
    deployment = next(one for one in objects if one and one["kind"] == "Deployment")
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    await serves(program, container["args"], environment)


async def image(bundle: Path, program: Path) -> None:
    dockerfile = bundle / "docker" / "Dockerfile"
    run(BIN / "hadolint", dockerfile)
    text = dockerfile.read_text()
    health = json.loads(re.search(r" CMD (\[.*health.*])$", text, re.M)[1])
    command = json.loads(re.search(r"^CMD (\[.*])$", text, re.M)[1])
    entry = json.loads(re.search(r"^ENTRYPOINT (\[.*])$", text, re.M)[1])
    assert health == [*entry, "health"], health
    prefix = program.name.removesuffix("-mcp").replace("-", "_").upper()
    await serves(program, command, {f"{prefix}_BASE_URL": CRM})
    compose = yaml.safe_load((bundle / "docker" / "compose.yaml").read_text())
    service = next(iter(compose["services"].values()))
    # Compose looks for the context from its own folder, and for the Dockerfile from there.
    context = bundle / "docker" / service["build"]["context"]
    assert (context / service["build"]["dockerfile"]).resolve() == dockerfile.resolve(), service["build"]
    assert os.path.normpath(context) == str(bundle.parent / "server"), service["build"]
    assert service["read_only"] and service["command"][: len(command)] == command


async def main(bundle: Path, scratch: Path, node: str, mcpb: str, tools: int) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    await desktop(bundle, scratch, node, mcpb, tools)
    program = next((scratch / "unpacked" / "server").iterdir())
    await chart(bundle, scratch, program)
    await image(bundle, program)
    print("ok: bundle")


asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])))
