"""The functions of the thumbnails machine: one that resizes, and two services of AWS as far as the machine needs them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from states import TaskContext, TaskError, function

MEGAPIXELS_PER_SECOND = 20


class UnreadableImage(Exception):
    """The file is no image, or is damaged."""


@function(timeout_seconds=30, memory_mb=1024)
def resize_photo(event: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Works the longer the larger the photo is."""
    photo = event["photo"]
    path = PurePosixPath(photo["key"])
    if path.suffix not in (".jpg", ".png"):
        raise UnreadableImage(f"cannot read {photo['key']}")
    context.sleep(photo["megapixels"] / MEGAPIXELS_PER_SECOND)
    files = [{"key": f"small/{path.stem}-{size}{path.suffix}", "width": size} for size in event["sizes"]]
    return {"key": photo["key"], "caption": event["caption"], "files": files}


@function("LabelCover")
def detect_labels(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon Rekognition; given by the name of the state. Its errors are raised by their AWS name."""
    name = request["Image"]["S3Object"]["Name"]
    context.sleep(0.2)
    if name.startswith("lost/"):
        raise TaskError("Rekognition.InvalidS3ObjectException", f"Unable to get object metadata from S3: {name}")
    context.sleep(0.4)
    return {
        "Labels": [{"Name": "Glacier", "Confidence": 98.7}, {"Name": "Person", "Confidence": 93.1}, {"Name": "Dog", "Confidence": 61.5}]
    }


@function("dynamodb:putItem")
def put_item(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon DynamoDB; given by service and operation."""
    return {}
