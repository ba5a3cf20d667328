"""Remedies for databases, caches and file systems."""

from __future__ import annotations

from plainbill.analyzer.remedies.text import Texts, remedy
from plainbill.model.findings import Action

DATA: Texts = {
    ("rds_instances", Action.DELETE): (
        remedy(
            """
        aws rds delete-db-instance --region {region} --db-instance-identifier {instance_id}
          --final-db-snapshot-identifier before-deletion-of-{instance_id}
        undo:
        aws rds restore-db-instance-from-db-snapshot --region {region} --db-instance-identifier {instance_id}
          --db-snapshot-identifier before-deletion-of-{instance_id} --db-instance-class {db_class}
        note: The final snapshot is billed until it is deleted. Security groups and parameter groups are not
          in the undo: note them down (describe-db-instances).
        """,
            cluster_id=None,
            replica_of=None,
        ),
    ),
    ("rds_instances", Action.SCALE_IN): (
        remedy(
            """
        aws rds modify-db-instance --region {region} --db-instance-identifier {instance_id}
          --no-multi-az --apply-immediately
        undo:
        aws rds modify-db-instance --region {region} --db-instance-identifier {instance_id}
          --multi-az --apply-immediately
        note: Without a standby a failure or a maintenance means an outage.
        """,
            multi_az=True,
        ),
    ),
    ("rds_snapshots", Action.DELETE): (
        remedy("""
        aws rds delete-db-snapshot --region {region} --db-snapshot-identifier {snapshot_id}
        note: Nothing brings a deleted snapshot back.
        """),
    ),
    ("redshift_clusters", Action.STOP): (
        remedy("""
        aws redshift pause-cluster --region {region} --cluster-identifier {cluster_id}
        undo:
        aws redshift resume-cluster --region {region} --cluster-identifier {cluster_id}
        note: Storage and snapshots are billed on; nobody can ask it anything meanwhile.
        """),
    ),
    ("dynamodb_tables", Action.DELETE): (
        remedy("""
        BACKUP=$(aws dynamodb create-backup --region {region} --table-name {table_name}
          --backup-name before-deletion --query BackupDetails.BackupArn --output text)
        aws dynamodb delete-table --region {region} --table-name {table_name}
        undo:
        aws dynamodb restore-table-from-backup --region {region} --target-table-name {table_name}
          --backup-arn "$BACKUP"
        note: The backup is billed until it is deleted. Auto scaling, alarms and tags are not in it.
        """),
    ),
    ("dynamodb_tables", Action.RIGHTSIZE): (
        remedy(
            """
        aws dynamodb update-table --region {region} --table-name {table_name} --billing-mode PAY_PER_REQUEST
        undo:
        aws dynamodb update-table --region {region} --table-name {table_name} --billing-mode PROVISIONED
          --provisioned-throughput ReadCapacityUnits={read_units},WriteCapacityUnits={write_units}
        note: The undo needs the capacity of each index as well, where there are any. AWS limits how often a
          table may change back within a day.
        """,
            is_on_demand=False,
        ),
    ),
    ("dynamodb_indexes", Action.DELETE): (
        remedy("""
        aws dynamodb update-table --region {region} --table-name {table_name}
          --global-secondary-index-updates Delete={{IndexName={index_name}}}
        note: The table stays. To have the index again, it is built anew from the table: note its keys down
          (describe-table).
        """),
    ),
    ("elasticache_clusters", Action.DELETE): (
        remedy(
            """
        aws elasticache delete-cache-cluster --region {region} --cache-cluster-id {cluster_id}
        note: What is in the cache is lost; whoever uses it must do without.
        """,
            engine="memcached",
        ),
        remedy(
            """
        aws elasticache delete-cache-cluster --region {region} --cache-cluster-id {cluster_id}
          --final-snapshot-identifier before-deletion-of-{cluster_id}
        undo:
        aws elasticache create-cache-cluster --region {region} --cache-cluster-id {cluster_id}
          --cache-node-type {node_type} --engine {engine} --num-cache-nodes 1
          --snapshot-name before-deletion-of-{cluster_id}
        note: The snapshot is billed until it is deleted. Security groups and parameter groups are not in the
          undo: note them down (describe-cache-clusters).
        """,
            replication_group=None,
        ),
    ),
    ("opensearch_domains", Action.DELETE): (
        remedy("""
        aws opensearch delete-domain --region {region} --domain-name {domain_name}
        note: AWS's automatic snapshots go with it: take one into a bucket of your own before.
        """),
    ),
    ("efs_file_systems", Action.DELETE): (
        remedy(
            """
        aws efs delete-file-system --region {region} --file-system-id {file_system_id}
        note: The files go with it. AWS Backup may hold a copy: look before.
        """,
            mount_targets=0,
        ),
    ),
    ("efs_file_systems", Action.UPGRADE): (
        remedy(
            """
        aws efs put-lifecycle-configuration --region {region} --file-system-id {file_system_id}
          --lifecycle-policies TransitionToIA=AFTER_30_DAYS
        undo:
        aws efs put-lifecycle-configuration --region {region} --file-system-id {file_system_id}
          --lifecycle-policies '[]'
        note: Reading a file that was moved costs by its size. The undo moves nothing back by itself.
        """,
            moves_to_infrequent=None,
        ),
    ),
}
