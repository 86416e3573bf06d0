"""The names by which a clean-up finds what the template makes."""

from __future__ import annotations

import re

import boto3
import pytest

from antipode_tools.operate.cleanup.s3 import RESOURCE
from antipode_tools.operate.cleanup.secrets import SecretsManagerSecrets
from antipode_tools.operate.stacks.tables import table_names
from antipode_tools.project.config import project_root
from antipode_tools.project.regions import Region

SECRETS = SecretsManagerSecrets(
    boto3.client("secretsmanager", region_name="eu-west-1"), "${AWS::StackName}"
)


@pytest.fixture(scope="module")
def template() -> str:
    return (project_root() / "template.yaml").read_text(encoding="utf-8")


def test_the_bucket_has_the_logical_id_that_is_looked_for(template: str) -> None:
    assert re.search(rf"^  {RESOURCE}:\n(    .*\n)*?    Type: AWS::S3::Bucket$", template, re.M)


def test_the_secret_has_the_name_that_is_looked_for(template: str) -> None:
    assert f"Name: !Sub {SECRETS.name}\n" in template


def test_the_tables_have_the_names_that_are_looked_for(template: str) -> None:
    listed = re.search(r"Fn::ForEach::EachTable:\s+- Table\s+- \[(.*)\]", template)
    assert listed is not None
    named = [f"${{AWS::StackName}}-{model}" for model in listed[1].split(", ")]
    region = Region("ireland", "eu-west-1", "${AWS::StackName}", {})
    assert table_names(project_root(), region) == named
    assert "TableName: !Sub ${AWS::StackName}-${Table}\n" in template
