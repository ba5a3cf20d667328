"""Which line of which golden file is which item. All of them are prices of us-east-1."""

from __future__ import annotations

from plainbill.prices import items
from plainbill.prices.items import LoadBalancerKind, Processor
from tools.list_prices.rds_recipes import rds_recipes
from tools.list_prices.recipe import HOURS, Named, Recipe


def _ebs() -> list[Recipe]:
    file = "ebs_volume_test"
    return [
        Recipe(file, r"Storage \(.*, (gp2|gp3|io1|io2|st1|sc1)\)", lambda m: (items.ebs_storage(m[1]),)),
        Recipe(file, r"Storage \(magnetic\)", items.ebs_storage("standard")),
        Recipe(file, "I/O requests", items.EBS_MAGNETIC_REQUESTS),
        Recipe(file, "Provisioned IOPS", items.ebs_iops("gp3"), resource=r".*\.gp3"),
        Recipe(file, "Provisioned IOPS", items.ebs_iops("io1"), resource=r".*\.io1"),
        Recipe(file, "Provisioned IOPS", items.ebs_iops("io2"), resource=r".*\.io2"),
        Recipe(file, "Provisioned throughput", items.ebs_throughput("gp3"), price="0.04"),
        Recipe("ebs_snapshot_test", "EBS snapshot storage", items.EBS_SNAPSHOT),
        Recipe("ebs_snapshot_test", "Fast snapshot restore", items.EBS_FAST_SNAPSHOT_RESTORE),
    ]


def _ec2() -> list[Recipe]:
    return [
        Recipe(
            "autoscaling_group_test",
            r"Instance usage \(Windows, on-demand, (\S+)\)",
            lambda m: (items.ec2_instance(m[1], "windows"),),
        ),
        Recipe("autoscaling_group_test", "CPU credits", items.EC2_CPU_CREDITS_T3, resource=".*cpu_credits"),
        Recipe("autoscaling_group_test", "EC2 detailed monitoring", items.CLOUDWATCH_METRIC),
    ]


def _network() -> list[Recipe]:
    alb, nlb = LoadBalancerKind.APPLICATION, LoadBalancerKind.NETWORK
    units = "Load balancer capacity units"
    return [
        Recipe("eip_test", r"IP address \(if unused\)", items.PUBLIC_IPV4_IDLE),
        Recipe("nat_gateway_test", "NAT gateway", items.NAT_GATEWAY_HOUR),
        Recipe("nat_gateway_test", "Data processed", items.NAT_GATEWAY_DATA),
        Recipe("lb_test", "Application load balancer", items.load_balancer(alb)),
        Recipe("lb_test", "Network load balancer", items.load_balancer(nlb)),
        Recipe("lb_test", units, items.load_balancer_capacity(alb), resource=r".*\.(alb1|lb1)", hours=HOURS),
        Recipe("lb_test", units, items.load_balancer_capacity(nlb), resource=r".*\.nlb1", hours=HOURS),
        Recipe("elb_test", "Classic load balancer", items.load_balancer(LoadBalancerKind.CLASSIC)),
        Recipe("elb_test", "Data processed", items.ELB_CLASSIC_DATA),
        Recipe("ec2_transit_gateway_vpc_attachment_test", ".*attachment", items.TRANSIT_GATEWAY_ATTACHMENT),
        Recipe("ec2_transit_gateway_vpc_attachment_test", "Data processed", items.TRANSIT_GATEWAY_DATA),
        Recipe("vpn_connection_test", "VPN connection", items.VPN_CONNECTION),
        Recipe("ec2_client_vpn_endpoint_test", "Connection", items.CLIENT_VPN_CONNECTION),
        Recipe(
            "ec2_client_vpn_network_association_test",
            "Endpoint association",
            items.CLIENT_VPN_ENDPOINT_ASSOCIATION,
        ),
        Recipe("ec2_traffic_mirror_session_test", "Traffic mirror", items.TRAFFIC_MIRROR_SESSION),
        Recipe(
            "route53_health_check_test",
            "Health check",
            items.ROUTE53_HEALTH_CHECK_OTHER,
            resource=".*_withUsage",
        ),
        Recipe(
            "route53_health_check_test",
            "Health check",
            items.ROUTE53_HEALTH_CHECK_AWS,
            resource=r".*(?<!_withUsage)",
        ),
    ]


def _nodes() -> list[Recipe]:
    def cache(*engines: str) -> Named:
        return lambda m: tuple(items.cache_node(m[1], engine) for engine in engines)

    label, search = r"ElastiCache \(on-demand, (cache\.[^,)]+).*\)", "opensearch_domain_test"
    return [
        Recipe("elasticache_cluster_test", label, cache("redis"), resource=r".*\.(redis|replication).*"),
        Recipe("elasticache_cluster_test", label, cache("memcached"), resource=r".*\.memcached"),
        Recipe("elasticache_replication_group_test", label, cache("redis"), resource=r".*\.non-cluster"),
        Recipe("elasticache_cluster_test", "Backup storage", items.CACHE_BACKUP),
        Recipe(
            "redshift_cluster_test",
            r"Cluster usage \(on-demand, (\S+)\)",
            lambda m: (items.redshift_node(m[1]),),
        ),
        Recipe("redshift_cluster_test", r"Managed storage .*", items.REDSHIFT_MANAGED_STORAGE),
        Recipe("redshift_cluster_test", r"Backup storage \(first 50 TB\)", items.REDSHIFT_BACKUP),
        Recipe(
            search,
            r"(?:Instance|.* instance|Dedicated master) \(on-demand, (\S+)\)",
            lambda m: (items.opensearch_node(m[1]),),
        ),
        Recipe(search, r"Storage \((\S+)\)", lambda m: (items.opensearch_storage(m[1]),)),
        Recipe(search, r"Storage IOPS \((\S+)\)", lambda m: (items.opensearch_iops(m[1]),)),
    ]


def _dynamodb() -> list[Recipe]:
    file, table = "dynamodb_table_test", r".*\.my_dynamodb_table"
    return [
        Recipe(file, r"Write capacity unit \(WCU\)", items.DYNAMODB_WRITE_CAPACITY, table, hours=HOURS),
        Recipe(file, r"Read capacity unit \(RCU\)", items.DYNAMODB_READ_CAPACITY, table, hours=HOURS),
        Recipe(file, "Data storage", items.DYNAMODB_STORAGE),
        Recipe(file, r"Point-In-Time Recovery .*", items.DYNAMODB_POINT_IN_TIME_RECOVERY),
        Recipe(file, "On-demand backup storage", items.DYNAMODB_BACKUP),
    ]


def _stored() -> list[Recipe]:
    def s3(
        section: str, storage_class: str, label: str = "Storage", resource: str = r".*_withUsage"
    ) -> Recipe:
        return Recipe("s3_bucket_test", label, items.s3_storage(storage_class), resource, section=section)

    tiers, efs, openzfs = "Intelligent tiering", "efs_file_system_test", "fsx_openzfs_file_system_test"
    return [
        s3("Standard", "STANDARD", resource=".*"),
        s3("Standard - infrequent access", "STANDARD_IA"),
        s3("One zone - infrequent access", "ONEZONE_IA"),
        s3("Glacier flexible retrieval", "GLACIER"),
        s3("Glacier deep archive", "DEEP_ARCHIVE"),
        s3(tiers, "INTELLIGENT_TIERING.FREQUENT", r"Storage \(frequent access\)"),
        s3(tiers, "INTELLIGENT_TIERING.INFREQUENT", r"Storage \(infrequent access\)"),
        s3(tiers, "INTELLIGENT_TIERING.ARCHIVE", r"Storage \(archive access\)"),
        s3(tiers, "INTELLIGENT_TIERING.DEEP_ARCHIVE", r"Storage \(deep archive access\)"),
        Recipe(efs, r"Storage \(standard\)", items.efs_storage("standard")),
        Recipe(efs, r"Storage \(standard, infrequent access\)", items.efs_storage("standard_ia")),
        Recipe(efs, r"Storage \(one zone\)", items.efs_storage("one_zone")),
        Recipe(efs, r"Storage \(one zone, infrequent access\)", items.efs_storage("one_zone_ia")),
        Recipe(efs, "Provisioned throughput", items.EFS_PROVISIONED_THROUGHPUT),
        Recipe(openzfs, "SSD storage.*", items.fsx_storage("openzfs", "ssd")),
        Recipe(openzfs, "Throughput capacity", items.fsx_throughput("openzfs")),
        Recipe(openzfs, "Backup storage", items.fsx_backup("openzfs")),
    ]


def _serverless() -> list[Recipe]:
    arm, intel = Processor.ARM64, Processor.X86_64
    file, fargate = "lambda_function_test", "ecs_service_test"
    return [
        Recipe(file, "Requests", items.LAMBDA_REQUESTS),
        Recipe(file, r"Duration \(first 6B\)", items.lambda_duration(intel)),
        Recipe(file, r"Duration \(first 7\.5B\)", items.lambda_duration(arm)),
        Recipe(
            "lambda_provisioned_concurrency_config_test",
            "Provisioned Concurrency",
            items.lambda_provisioned_concurrency(arm),
            price="0.0000033334",
        ),
        Recipe("eks_cluster_test", "EKS cluster", items.EKS_CLUSTER),
        Recipe("eks_cluster_test", r"EKS cluster \(extended support\)", items.EKS_CLUSTER_EXTENDED_SUPPORT),
        Recipe(fargate, "Per vCPU per hour", items.fargate_vcpu(intel), hours=HOURS),
        Recipe(fargate, "Per GB per hour", items.fargate_memory(intel), hours=HOURS),
    ]


def _operations() -> list[Recipe]:
    logs, alarm = "cloudwatch_log_group_test", "cloudwatch_metric_alarm_test"
    return [
        Recipe(logs, "Data ingested", items.LOGS_INGESTION),
        Recipe(logs, "Archival Storage", items.LOGS_STORAGE),
        Recipe(logs, "Insights queries data scanned", items.LOGS_INSIGHTS),
        Recipe(alarm, "Standard resolution", items.CLOUDWATCH_ALARM_STANDARD, price="0.10"),
        Recipe(alarm, "High resolution", items.CLOUDWATCH_ALARM_HIGH_RESOLUTION, price="0.30"),
        Recipe("cloudwatch_dashboard_test", "Dashboard", items.CLOUDWATCH_DASHBOARD),
        Recipe("secretsmanager_secret_test", "Secret", items.SECRET, price="0.40"),
        Recipe("kms_key_test", "Customer master key", items.KMS_KEY),
    ]


RECIPES = [
    *_ebs(),
    *_ec2(),
    *_network(),
    *rds_recipes(),
    *_nodes(),
    *_dynamodb(),
    *_stored(),
    *_serverless(),
    *_operations(),
]
