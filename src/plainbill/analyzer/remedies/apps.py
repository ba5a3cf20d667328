"""Remedies for containers, functions, streams, logs, models, desktops and secrets."""

from __future__ import annotations

from plainbill.analyzer.remedies.text import Texts, remedy
from plainbill.model.findings import Action

_TASKS = remedy("""
        aws ecs update-service --region {region} --cluster {cluster_name} --service {service_name}
          --desired-count 0
        undo:
        aws ecs update-service --region {region} --cluster {cluster_name} --service {service_name}
          --desired-count {desired_count}
        note: Without tasks it costs nothing; delete it when nobody misses it. Service Auto Scaling with a
          higher minimum starts the tasks again: lower that first.
        """)

APPS: Texts = {
    ("ecs_services", Action.SCALE_IN): (_TASKS,),
    ("ecs_services", Action.DELETE): (_TASKS,),
    ("ecr_repositories", Action.UPGRADE): (
        remedy("""
        aws ecr put-lifecycle-policy --region {region} --repository-name {repository_name}
          --lifecycle-policy-text '{{"rules":[{{"rulePriority":1,"selection":{{"tagStatus":"untagged",
          "countType":"sinceImagePushed","countUnit":"days","countNumber":30}},"action":{{"type":"expire"}}}}]}}'
        undo:
        aws ecr delete-lifecycle-policy --region {region} --repository-name {repository_name}
        note: Untagged images of more than 30 days are deleted within a day, and nothing brings them back.
          start-lifecycle-policy-preview shows which those are.
        """),
    ),
    ("lambda_provisioned_concurrency", Action.RIGHTSIZE): (
        remedy("""
        aws lambda delete-provisioned-concurrency-config --region {region}
          --function-name {function_name} --qualifier {qualifier}
        undo:
        aws lambda put-provisioned-concurrency-config --region {region}
          --function-name {function_name} --qualifier {qualifier}
          --provisioned-concurrent-executions {requested}
        note: The function goes on to work; calls may begin with a cold start.
        """),
    ),
    ("lambda_functions", Action.RIGHTSIZE): (
        remedy("""
        MEMORY=$(aws compute-optimizer get-lambda-function-recommendations --region {region}
          --function-arns {arn}
          --query 'lambdaFunctionRecommendations[0].memorySizeRecommendationOptions[0].memorySize'
          --output text)
        aws lambda update-function-configuration --region {region} --function-name {function_name}
          --memory-size "$MEMORY"
        undo:
        aws lambda update-function-configuration --region {region} --function-name {function_name}
          --memory-size {memory_mib}
        note: A call has less CPU with less memory: compare the duration before and after.
        """),
    ),
    ("kinesis_streams", Action.DELETE): (
        remedy("""
        aws kinesis delete-stream --region {region} --stream-name {stream_name}
        note: Records that are still in it are lost, and whatever writes to it fails.
        """),
    ),
    ("log_groups", Action.UPGRADE): (
        remedy("""
        aws logs put-retention-policy --region {region} --log-group-name {log_group_name}
          --retention-in-days 90
        undo:
        aws logs delete-retention-policy --region {region} --log-group-name {log_group_name}
        note: Older events are deleted, and nothing brings those back: choose the days that you must keep.
        """),
    ),
    ("sagemaker_notebooks", Action.STOP): (
        remedy("""
        aws sagemaker stop-notebook-instance --region {region} --notebook-instance-name {notebook_name}
        undo:
        aws sagemaker start-notebook-instance --region {region} --notebook-instance-name {notebook_name}
        note: Its volume is billed on. Only what lies in /home/ec2-user/SageMaker is kept.
        """),
    ),
    ("sagemaker_endpoints", Action.DELETE): (
        remedy("""
        CONFIG=$(aws sagemaker describe-endpoint --region {region} --endpoint-name {endpoint_name}
          --query EndpointConfigName --output text)
        aws sagemaker delete-endpoint --region {region} --endpoint-name {endpoint_name}
        undo:
        aws sagemaker create-endpoint --region {region} --endpoint-name {endpoint_name}
          --endpoint-config-name "$CONFIG"
        note: All variants of the endpoint go with it; its configuration and the models stay.
        """),
    ),
    ("secretsmanager_secrets", Action.DELETE): (
        remedy("""
        aws secretsmanager delete-secret --region {region} --secret-id {secret_arn}
          --recovery-window-in-days 30
        undo:
        aws secretsmanager restore-secret --region {region} --secret-id {secret_arn}
        note: For 30 days nobody can read it, and it can be restored.
        """),
    ),
    ("workspaces", Action.STOP): (
        remedy(
            """
        aws workspaces modify-workspace-properties --region {region} --workspace-id {workspace_id}
          --workspace-properties RunningMode=AUTO_STOP
        undo:
        aws workspaces modify-workspace-properties --region {region} --workspace-id {workspace_id}
          --workspace-properties RunningMode=ALWAYS_ON
        """,
            running_mode="ALWAYS_ON",
        ),
    ),
    ("workspaces", Action.DELETE): (
        remedy("""
        aws workspaces terminate-workspaces --region {region}
          --terminate-workspace-requests WorkspaceId={workspace_id}
        note: The files on both of its disks are deleted, and nothing brings them back.
        """),
    ),
}
