"""What delivery costs, beside botocore alone and aws-kinesis-agg: ``python -m bench.delivery``."""
