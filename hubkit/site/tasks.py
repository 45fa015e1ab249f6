"""Fields and tasks as people call them: ``cv`` is "Computer vision", ``cv-object_detection`` "Object detection"."""

from __future__ import annotations

import re
from functools import lru_cache

from hubkit.site.i18n import N_, _, remembered

# The field of module-type -> how people call it, in the order of the home page.
FIELDS: dict[str, str] = {
    "cv": N_("Computer vision"),
    "nlp": N_("Natural language"),
    "audio": N_("Audio"),
    "recommend": N_("Recommendation"),
    "gnn": N_("Graph learning"),
    "mm": N_("Multimodal"),
    "rl": N_("Reinforcement learning"),
    "hpc": N_("Scientific computing"),
}

# The task, in lower case with spaces between its words -> how people call it. Other tasks are called by their words.
TASKS: dict[str, str] = {
    "classification": N_("Classification"),
    "click through rate prediction": N_("Click-through rate prediction"),
    "defect detection": N_("Defect detection"),
    "derain": N_("Deraining"),
    "emotion classification": N_("Emotion classification"),
    "image classification": N_("Image classification"),
    "instance segmentation": N_("Instance segmentation"),
    "keypoint detection": N_("Keypoint detection"),
    "natural language understanding": N_("Natural language understanding"),
    "object detection": N_("Object detection"),
    "reading comprehension": N_("Reading comprehension"),
    "salient object detection": N_("Salient object detection"),
    "scene text detection": N_("Scene text detection"),
    "scene text recognition": N_("Scene text recognition"),
    "semantic segmentation": N_("Semantic segmentation"),
    "super resolution": N_("Super-resolution"),
    "tagging": N_("Tagging"),
    "text classification": N_("Text classification"),
    "translation": N_("Translation"),
    "tts": N_("Text to speech"),
    "video classification": N_("Video classification"),
}
# A value of the facet of tasks -> what people search for as well.
SYNONYMS: dict[str, str] = {
    "cv-classification": N_("Image classification"),
    "cv-keypoint_detection": N_("Pose estimation"),
    "nlp": N_("Natural language processing"),
    "audio": N_("Speech"),
    "audio-tts": N_("Speech synthesis"),
    "recommend": N_("Recommender system"),
    "gnn": N_("Graph neural network"),
    "hpc": N_("High-performance computing"),
}
_OTHER = N_("Other")
_BETWEEN = re.compile(r"[-_\s]+")
_NOT_IN_A_SLUG = re.compile(r"[^\w-]+")


def field_of(module_type: str) -> str:
    """The field that a card's ``module-type`` names: "cv" of "cv-object_detection"; may be empty."""
    return module_type.partition("-")[0]


def field_label(field: str) -> str:
    """A field in words, in the language that is being spoken."""
    return _(FIELDS.get(field, field) or _OTHER)


def field_slug(field: str) -> str:
    """Names the field in a link, the same in all languages: "task-computer-vision"."""
    return "task-" + _NOT_IN_A_SLUG.sub("-", (FIELDS.get(field, field) or _OTHER).lower())


@lru_cache(maxsize=4096)
def task_key(module_type: str) -> str:
    """What a ``module-type`` is listed under: "cv-super_resolution" for "cv-super-resolution" too."""
    field, _mark, task = module_type.partition("-")
    words = _BETWEEN.sub("_", task.strip()).lower()
    return f"{field}-{words}" if words else field


@remembered(4096)
def task_name(module_type: str) -> str:
    """The task of a ``module-type`` in words, in the language that is being spoken; empty where it is only a field."""
    name = _BETWEEN.sub(" ", module_type.partition("-")[2]).strip()
    return _(TASKS.get(name.lower(), name[:1].upper() + name[1:])) if name else ""
