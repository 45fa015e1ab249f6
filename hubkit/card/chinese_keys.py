"""The names that published Chinese cards give to the fields, which YAML takes for keys of their own."""

from __future__ import annotations

from collections.abc import Mapping

CHINESE_KEYS: Mapping[str, str] = {
    "模型名称": "model-name",
    "骨干网络": "backbone-name",
    "模块类型": "module-type",
    "可微调": "fine-tunable",
    "输入形状": "input-shape",
    "模型版本": "model-version",
    "训练数据集": "train-dataset",
    "评估": "evaluation",
    "作者": "author",
    "更新时间": "update-time",
    "代码仓链接": "repo-link",
    "用户ID": "user-id",
    "用途": "used-for",
    "训练后端": "train-backend",
    "推理后端": "infer-backend",
    "MindSpore版本": "mindspore-version",
    "MindSpore Lite": "mindspore-lite",
    "资源": "asset",
    "文件格式": "file-format",
    "资源链接": "asset-link",
    "资源SHA256校验码": "asset-sha256",
    "许可证": "license",
    "摘要": "summary",
}
"""A name -> the key that it stands for."""
