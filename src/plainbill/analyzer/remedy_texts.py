"""The texts of the remedies, by the source of a kind and the action.

A command a line; an indented line continues the one before; ``undo:`` begins the way back, ``note:`` what to
know before. Attributes of the resource stand in braces and are quoted for the shell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plainbill.model.findings import Action


@dataclass(frozen=True, slots=True)
class RemedyText:
    """One remedy; ``only_for`` names attributes and the value that each must have for it to fit."""

    text: str
    only_for: Mapping[str, object] = field(default_factory=dict)


TEXTS: Mapping[tuple[str, Action], RemedyText] = {
    ("ebs_volumes", Action.DELETE): RemedyText("""
        SNAPSHOT=$(aws ec2 create-snapshot --region {region} --volume-id {volume_id}
          --description 'before deletion' --query SnapshotId --output text)
        aws ec2 wait snapshot-completed --region {region} --snapshot-ids "$SNAPSHOT"
        aws ec2 delete-volume --region {region} --volume-id {volume_id} --dry-run
        undo:
        aws ec2 create-volume --region {region} --availability-zone {availability_zone}
          --snapshot-id "$SNAPSHOT" --volume-type {volume_type}
        note: The snapshot is billed for its used blocks until it is deleted. A restored volume has a new id.
        """),
    ("ebs_volumes", Action.UPGRADE): RemedyText(
        """
        aws ec2 modify-volume --region {region} --volume-id {volume_id} --volume-type gp3 --dry-run
        undo:
        aws ec2 modify-volume --region {region} --volume-id {volume_id} --volume-type {volume_type}
        note: The volume stays in use meanwhile. AWS allows the next change after six hours.
        """,
        only_for={"volume_type": "gp2"},
    ),
    ("ebs_snapshots", Action.DELETE): RemedyText("""
        aws ec2 delete-snapshot --region {region} --snapshot-id {snapshot_id} --dry-run
        note: Nothing brings a deleted snapshot back, unless a Recycle Bin rule keeps it.
        """),
    ("ec2_instances", Action.STOP): RemedyText("""
        aws ec2 stop-instances --region {region} --instance-ids {instance_id} --dry-run
        undo:
        aws ec2 start-instances --region {region} --instance-ids {instance_id}
        note: Its disks and Elastic IPs are billed on. An automatic public address changes, and what is on
          instance store disks is lost.
        """),
    ("ec2_instances", Action.DELETE): RemedyText("""
        aws ec2 create-image --region {region} --instance-id {instance_id}
          --name before-deletion-of-{instance_id}
        aws ec2 wait image-available --region {region}
          --filters Name=name,Values=before-deletion-of-{instance_id}
        aws ec2 terminate-instances --region {region} --instance-ids {instance_id} --dry-run
        undo:
        IMAGE=$(aws ec2 describe-images --region {region} --owners self --output text
          --filters Name=name,Values=before-deletion-of-{instance_id} --query 'Images[0].ImageId')
        aws ec2 run-instances --region {region} --image-id "$IMAGE" --instance-type {instance_type}
        note: A running instance restarts for the image. The image's snapshots are billed until they are
          deleted. A new instance has another id and other addresses.
        """),
    ("log_groups", Action.UPGRADE): RemedyText("""
        aws logs put-retention-policy --region {region} --log-group-name {log_group_name}
          --retention-in-days 90
        undo:
        aws logs delete-retention-policy --region {region} --log-group-name {log_group_name}
        note: Older events are deleted, and nothing brings those back: choose the days that you must keep.
        """),
    ("lambda_provisioned_concurrency", Action.DELETE): RemedyText("""
        aws lambda delete-provisioned-concurrency-config --region {region}
          --function-name {function_name} --qualifier {qualifier}
        undo:
        aws lambda put-provisioned-concurrency-config --region {region}
          --function-name {function_name} --qualifier {qualifier}
          --provisioned-concurrent-executions {requested}
        note: The function goes on to work; calls may begin with a cold start.
        """),
    ("ecs_services", Action.SCALE_IN): RemedyText("""
        aws ecs update-service --region {region} --cluster {cluster_name} --service {service_name}
          --desired-count 0
        undo:
        aws ecs update-service --region {region} --cluster {cluster_name} --service {service_name}
          --desired-count {desired_count}
        note: Service Auto Scaling with a higher minimum starts the tasks again: lower that first.
        """),
    ("sagemaker_notebooks", Action.STOP): RemedyText("""
        aws sagemaker stop-notebook-instance --region {region} --notebook-instance-name {notebook_name}
        undo:
        aws sagemaker start-notebook-instance --region {region} --notebook-instance-name {notebook_name}
        note: Its volume is billed on. Only what lies in /home/ec2-user/SageMaker is kept.
        """),
    ("sagemaker_endpoints", Action.DELETE): RemedyText("""
        CONFIG=$(aws sagemaker describe-endpoint --region {region} --endpoint-name {endpoint_name}
          --query EndpointConfigName --output text)
        aws sagemaker delete-endpoint --region {region} --endpoint-name {endpoint_name}
        undo:
        aws sagemaker create-endpoint --region {region} --endpoint-name {endpoint_name}
          --endpoint-config-name "$CONFIG"
        note: All variants of the endpoint go with it; its configuration and the models stay.
        """),
    ("secretsmanager_secrets", Action.DELETE): RemedyText("""
        aws secretsmanager delete-secret --region {region} --secret-id {secret_arn}
          --recovery-window-in-days 30
        undo:
        aws secretsmanager restore-secret --region {region} --secret-id {secret_arn}
        note: For 30 days nobody can read it, and it can be restored.
        """),
    ("workspaces", Action.STOP): RemedyText(
        """
        aws workspaces modify-workspace-properties --region {region} --workspace-id {workspace_id}
          --workspace-properties RunningMode=AUTO_STOP
        undo:
        aws workspaces modify-workspace-properties --region {region} --workspace-id {workspace_id}
          --workspace-properties RunningMode=ALWAYS_ON
        """,
        only_for={"running_mode": "ALWAYS_ON"},
    ),
}
"""Where an action means different things for one kind, or needs a choice, there is no text."""
