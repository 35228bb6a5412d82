"""The record: one database, spoken to in the verbs of the domain. SQLAlchemy and Alembic live here and nowhere else."""
