"""the service of families: forms and papers, weekly sheets, letters, credential cards, long work"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('params', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('said', sa.String(length=300), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting','running','done','failed')", name=op.f('ck_job_state')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_job_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_owner', ['owner_id', 'made_at'], unique=False)

    op.create_table('service_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('guardian_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('passport_shown_on', sa.Date(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_service_paper_file_id_stored_file')),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_service_paper_guardian_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_service_paper_pupil_id_person')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['person.id'], name=op.f('fk_service_paper_registered_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_paper')),
    sa.UniqueConstraint('key', name=op.f('uq_service_paper_key'))
    )
    with op.batch_alter_table('service_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_paper_guardian_id'), ['guardian_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_paper_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('weekly_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('guardian_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('monday', sa.Date(), nullable=False),
    sa.Column('form', sa.String(length=10), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shared_with', sa.String(length=200), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('printed_by_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('reprints', sa.Integer(), nullable=False),
    sa.Column('handed_on', sa.Date(), nullable=True),
    sa.Column('handed_to', sa.String(length=10), nullable=False),
    sa.Column('handed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_weekly_sheet_class_id_school_class')),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_weekly_sheet_guardian_id_person')),
    sa.ForeignKeyConstraint(['handed_by_id'], ['person.id'], name=op.f('fk_weekly_sheet_handed_by_id_person')),
    sa.ForeignKeyConstraint(['printed_by_id'], ['person.id'], name=op.f('fk_weekly_sheet_printed_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_weekly_sheet_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_sheet')),
    sa.UniqueConstraint('guardian_id', 'pupil_id', 'monday', name=op.f('uq_weekly_sheet_guardian_id_pupil_id_monday'))
    )
    with op.batch_alter_table('weekly_sheet', schema=None) as batch_op:
        batch_op.create_index('ix_weekly_sheet_class', ['class_id', 'monday'], unique=False)
        batch_op.create_index(batch_op.f('ix_weekly_sheet_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_weekly_sheet_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('card_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('cards', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_card_batch_job_id_job')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_card_batch_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_batch'))
    )
    op.create_table('pupil_access',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('paper_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_pupil_access_decided_by_id_person')),
    sa.ForeignKeyConstraint(['paper_id'], ['service_paper.id'], name=op.f('fk_pupil_access_paper_id_service_paper')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_pupil_access_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pupil_access'))
    )
    with op.batch_alter_table('pupil_access', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pupil_access_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('service_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('guardian_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=10), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('paper_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("form IN ('electronic','paper','refused','limited')", name=op.f('ck_service_form_form')),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_service_form_guardian_id_person')),
    sa.ForeignKeyConstraint(['paper_id'], ['service_paper.id'], name=op.f('fk_service_form_paper_id_service_paper')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_service_form_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_form'))
    )
    with op.batch_alter_table('service_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_form_guardian_id'), ['guardian_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_form_pupil_id'), ['pupil_id'], unique=False)
        batch_op.create_index('uq_service_form_open', ['guardian_id', 'pupil_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_on', sa.Date(), nullable=True),
    sa.Column('handed_to_id', sa.Integer(), nullable=True),
    sa.Column('handed_by_id', sa.Integer(), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['card_batch.id'], name=op.f('fk_card_batch_id_card_batch')),
    sa.ForeignKeyConstraint(['handed_by_id'], ['person.id'], name=op.f('fk_card_handed_by_id_person')),
    sa.ForeignKeyConstraint(['handed_to_id'], ['person.id'], name=op.f('fk_card_handed_to_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_card_person_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_card_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card'))
    )
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_card_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_card_person', ['person_id', 'made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_card_pupil_id'), ['pupil_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: the way back is the backup")
