"""Remedies for what EC2 bills: instances, volumes, snapshots, images, addresses, gateways."""

from __future__ import annotations

from plainbill.analyzer.remedies.text import Texts, remedy
from plainbill.model.findings import Action

_SNAPSHOT = """
        SNAPSHOT=$(aws ec2 create-snapshot --region {region} --volume-id {volume_id}
          --description 'before deletion' --query SnapshotId --output text)
        aws ec2 wait snapshot-completed --region {region} --snapshot-ids "$SNAPSHOT"
"""
_RESTORED = """
        undo:
        aws ec2 create-volume --region {region} --availability-zone {availability_zone}
          --snapshot-id "$SNAPSHOT" --volume-type {volume_type}
        note: The snapshot is billed for its used blocks until it is deleted. A restored volume has a new id.
"""
_DELETED = """
        aws ec2 delete-volume --region {region} --volume-id {volume_id} --dry-run
"""
_DETACHED = """
        aws ec2 detach-volume --region {region} --volume-id {volume_id} --dry-run
        aws ec2 wait volume-available --region {region} --volume-ids {volume_id}
"""

EC2: Texts = {
    ("ebs_volumes", Action.DELETE): (
        remedy(_SNAPSHOT + _DELETED + _RESTORED, attached_to=()),
        remedy(
            _SNAPSHOT
            + _DETACHED
            + _DELETED
            + _RESTORED
            + """
        note: Unmount it in the instance first. A root volume only comes off a stopped instance, which does
          not start without it.
        """
        ),
    ),
    ("ebs_volumes", Action.UPGRADE): (
        remedy(
            """
        aws ec2 modify-volume --region {region} --volume-id {volume_id} --volume-type gp3 --dry-run
        undo:
        aws ec2 modify-volume --region {region} --volume-id {volume_id} --volume-type {volume_type}
        note: The volume stays in use meanwhile. AWS allows the next change after six hours. A gp2 volume of
          more than 1,000 GiB has more IOPS than the 3,000 that gp3 begins with: add --iops where they are
          needed.
        """,
            volume_type="gp2",
        ),
    ),
    ("ebs_snapshots", Action.DELETE): (
        remedy("""
        aws ec2 delete-snapshot --region {region} --snapshot-id {snapshot_id} --dry-run
        note: Nothing brings a deleted snapshot back, unless a Recycle Bin rule keeps it.
        """),
    ),
    ("ec2_images", Action.DELETE): (
        remedy("""
        aws ec2 deregister-image --region {region} --image-id {image_id} --dry-run
          --delete-associated-snapshots
        note: Nothing brings the image and its snapshots back, unless a Recycle Bin rule keeps them. Instances
          that were started from it go on to run.
        """),
    ),
    ("ec2_instances", Action.STOP): (
        remedy("""
        aws ec2 stop-instances --region {region} --instance-ids {instance_id} --dry-run
        undo:
        aws ec2 start-instances --region {region} --instance-ids {instance_id}
        note: Its disks and Elastic IPs are billed on. An automatic public address changes, and what is on
          instance store disks is lost.
        """),
    ),
    ("ec2_instances", Action.DELETE): (
        remedy("""
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
          deleted, and so are volumes that are not deleted with the instance. A new instance has another id
          and other addresses.
        """),
    ),
    ("elastic_ips", Action.DELETE): (
        remedy(
            """
        aws ec2 release-address --region {region} --allocation-id {allocation_id} --dry-run
        undo:
        aws ec2 allocate-address --region {region} --address {public_ip}
        note: The undo works only until AWS has given the address to somebody else.
        """,
            association_id=None,
        ),
        remedy("""
        aws ec2 disassociate-address --region {region} --association-id {association_id} --dry-run
        aws ec2 release-address --region {region} --allocation-id {allocation_id} --dry-run
        undo:
        aws ec2 allocate-address --region {region} --address {public_ip}
        note: The undo works only until AWS has given the address to somebody else.
        """),
    ),
    ("ec2_hosts", Action.DELETE): (
        remedy("""
        aws ec2 release-hosts --region {region} --host-ids {host_id}
        note: There is no dry run of it. A new host has another id, and may not be had at once.
        """),
    ),
    ("autoscaling_groups", Action.SCALE_IN): (
        remedy("""
        aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {group_name}
          --min-size 0 --desired-capacity 0
        undo:
        aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {group_name}
          --min-size {min_size} --desired-capacity {desired_size}
        note: There is no dry run of it: the instances are terminated at once, and with them the disks that go
          with an instance. A scaling policy or a schedule of the group may start others.
        """),
    ),
    ("nat_gateways", Action.DELETE): (
        remedy("""
        aws ec2 describe-route-tables --region {region}
          --filters Name=route.nat-gateway-id,Values={nat_gateway_id} --query 'RouteTables[].RouteTableId'
        aws ec2 delete-nat-gateway --region {region} --nat-gateway-id {nat_gateway_id} --dry-run
        note: The first command names the route tables that lead to it: what they serve loses its way out. Its
          Elastic IPs stay and are billed until they are released. A new gateway has another id.
        """),
    ),
    ("vpc_endpoints", Action.DELETE): (
        remedy(
            """
        aws ec2 delete-vpc-endpoints --region {region} --vpc-endpoint-ids {endpoint_id} --dry-run
        undo:
        aws ec2 create-vpc-endpoint --region {region} --vpc-id {vpc_id} --service-name {service_name}
          --vpc-endpoint-type Interface --subnet-ids {subnet_ids}
        note: Policy, security groups and private DNS of the endpoint are not in the undo: note them down
          (describe-vpc-endpoints). Without it calls take the way through a NAT gateway, or none.
        """,
            endpoint_type="Interface",
        ),
    ),
    ("load_balancers", Action.DELETE): (
        remedy("""
        aws elbv2 delete-load-balancer --region {region} --load-balancer-arn {load_balancer_arn}
        note: Target groups and what is in them stay. A new load balancer has another DNS name.
        """),
    ),
    ("classic_load_balancers", Action.DELETE): (
        remedy("""
        aws elb delete-load-balancer --region {region} --load-balancer-name {load_balancer_name}
        note: The instances behind it stay. A new load balancer has another DNS name.
        """),
    ),
}
