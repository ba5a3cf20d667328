"""Which line of infracost's RDS and Aurora files is which item."""

from __future__ import annotations

from plainbill.prices import items
from plainbill.prices.items import Deployment, Licence
from tools.list_prices.recipe import Named, Recipe

_ENGINES = {  # resource of the file: (engine, licence)
    r"mysql(?!-1yr).*|.*\[\"mysql-.*": ("mysql", Licence.NONE),
    r"mariadb": ("mariadb", Licence.NONE),
    r"postgres|.*\[\"postgres-.*": ("postgres", Licence.NONE),
    r"aurora|aurora-mysql|.*\[\"aurora(-mysql)?-[58].*": ("aurora-mysql", Licence.NONE),
    r"aurora-postgresql|.*\[\"aurora-postgresql-.*": ("aurora-postgresql", Licence.NONE),
    r"oracle-se2": ("oracle-se2", Licence.INCLUDED),
    r"oracle-ee": ("oracle-ee", Licence.OWN),
    r"sqlserver-ex": ("sqlserver-ex", Licence.INCLUDED),
    r"sqlserver-web": ("sqlserver-web", Licence.INCLUDED),
    r"sqlserver-se": ("sqlserver-se", Licence.INCLUDED),
    r"sqlserver-ee": ("sqlserver-ee", Licence.INCLUDED),
}


def _rds_instances() -> list[Recipe]:
    def instance(engine: str, deployment: Deployment, licence: Licence) -> Named:
        return lambda m: (items.rds_instance(m[1], engine, deployment, licence),)

    file, deployments = (
        "db_instance_test",
        {"Single-AZ": Deployment.SINGLE_AZ, "Multi-AZ": Deployment.MULTI_AZ},
    )
    return [
        Recipe(
            file,
            rf"Database instance \(on-demand, {label}, (db\.\S+)\)",
            instance(engine, deployment, licence),
            resource=rf"aws_db_instance\.({resource})",
        )
        for resource, (engine, licence) in _ENGINES.items()
        for label, deployment in deployments.items()
        if deployment is Deployment.SINGLE_AZ
        or engine == "mysql"  # the file's only Multi-AZ engine that is named
    ]


def rds_recipes() -> list[Recipe]:
    """Return the recipes of RDS instances, storage, backups and extended support, and of Aurora."""
    single, multi = Deployment.SINGLE_AZ, Deployment.MULTI_AZ
    file, cluster, member = "db_instance_test", "rds_cluster_test", "rds_cluster_instance_test"
    one, two = r".*(?<!multi-az)(?<!\"multi_az\"\])", r".*multi.az.*"
    engines = ("aurora-mysql", "aurora-postgresql")
    storage = r"Storage \(.*, (gp2|gp3|io1)\)"
    return [
        *_rds_instances(),
        Recipe(file, storage, lambda m: (items.rds_storage(m[1], single),), resource=one),
        Recipe(file, storage, lambda m: (items.rds_storage(m[1], multi),), resource=two),
        Recipe(file, r"Storage \(magnetic\)", items.rds_storage("standard", single)),
        Recipe(file, "Provisioned IOPS", items.rds_iops("io1", single)),
        Recipe(file, "Provisioned GP3 IOPS .*", items.rds_iops("gp3", single), resource=r".*\"above_.*"),
        Recipe(file, "Provisioned GP3 IOPS .*", items.rds_iops("gp3", multi), resource=two),
        Recipe(
            file,
            "Additional backup storage",
            items.RDS_BACKUP,
            resource=r"aws_db_instance\.(mysql|oracle|sqls).*",
        ),
        Recipe(file, "Additional backup storage", items.AURORA_BACKUP, resource=r"aws_db_instance\.aurora.*"),
        Recipe(file, r"Extended support \(year 1\)", items.RDS_EXTENDED_SUPPORT_YEAR_1),
        Recipe(
            file,
            r"Performance Insights Long Term Retention \((db\.t3\S+)\)",
            lambda m: (items.rds_performance_insights(m[1]),),
        ),
        Recipe(
            member,
            r"Database instance \(on-demand, (db\.\S+)\)",
            lambda m: (items.rds_instance(m[1], engines[0]),),
            resource=r".*\.cluster_instance.*",
        ),
        Recipe(member, "Aurora serverless v2", items.AURORA_SERVERLESS_V2),
        Recipe(member, r"Aurora serverless v2 \(I/O-optimized\)", items.AURORA_SERVERLESS_V2_IO_OPTIMIZED),
        Recipe(cluster, "Aurora serverless", items.AURORA_SERVERLESS_V1),
        Recipe(cluster, "Storage", items.AURORA_STORAGE, resource=".*(?<!brazil)"),
        Recipe(cluster, r"Storage \(I/O-optimized\)", items.AURORA_STORAGE_IO_OPTIMIZED),
        Recipe(cluster, "I/O requests", items.AURORA_IO, resource=".*(?<!brazil)"),
        Recipe(cluster, "Backtrack", items.AURORA_BACKTRACK),
    ]
