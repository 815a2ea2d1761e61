"""What containers left with the engine on purpose: the download cache, and images built from Dockerfiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build.docker.container import LABEL, remove
from pyreq_tui.build.docker.create import VOLUME
from pyreq_tui.build.docker.engine import engine_errors, reach_engine

if TYPE_CHECKING:
    from pyreq_tui.processes import Cancel


def clear_docker(cancel: Cancel) -> tuple[str, ...]:
    """Remove the volume, the images and whatever container never ran; what was removed, by name.

    What is in use stays. Raises BuildError where no engine answers, and Cancelled.
    """
    removed: list[str] = []
    with reach_engine(cancel) as engine, engine_errors("to remove what it keeps for pyreq-tui"):
        client = engine.client
        idle = {"label": [f"{LABEL}=container"], "status": ["created", "exited", "dead"]}
        for container in client.containers(all=True, filters=idle):
            remove(client, str(container["Id"]))
            removed.append(f"container {container['Id'][:12]}")
        busy = client.containers(all=True, filters={"label": [f"{LABEL}=container"]})
        if busy:
            return tuple(removed)
        for image in client.images(filters={"label": [f"{LABEL}=image"]}):
            client.remove_image(image["Id"], force=True)
            removed.append(f"image {(image['RepoTags'] or [image['Id']])[0]}")
        volumes = client.volumes(filters={"name": VOLUME})["Volumes"] or []
        for name in (volume["Name"] for volume in volumes if volume["Name"] == VOLUME):
            client.remove_volume(name)
            removed.append(f"volume {name}")
    return tuple(removed)
