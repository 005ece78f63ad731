"""letters, news, privacy, certification, remarks"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk_export',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_bulk_export_made_by_id_person')),
    sa.ForeignKeyConstraint(['seen_by_id'], ['person.id'], name=op.f('fk_bulk_export_seen_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_export'))
    )
    with op.batch_alter_table('bulk_export', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_export_made_at'), ['made_at'], unique=False)

    with op.batch_alter_table('card_batch', schema=None) as batch_op:
        batch_op.alter_column('made_by_id', existing_type=sa.Integer(), nullable=True)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('settings_seen', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_letter_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('key', name=op.f('uq_letter_key')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_letter_kind_number'))
    )
    op.create_table('news_address',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('leave_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('topics', sa.String(length=100), nullable=False),
    sa.Column('often', sa.String(length=10), nullable=False),
    sa.Column('items_often', sa.String(length=10), nullable=False),
    sa.Column('items_told_on', sa.Date(), nullable=True),
    sa.Column('quiet_from', sa.Integer(), nullable=False),
    sa.Column('quiet_to', sa.Integer(), nullable=False),
    sa.Column('told_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_news_address_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_news_address'))
    )
    with op.batch_alter_table('news_address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_news_address_code_hash'), ['code_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_news_address_leave_hash'), ['leave_hash'], unique=False)

    op.create_table('news_asked',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('email_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_news_asked_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_asked'))
    )
    with op.batch_alter_table('news_asked', schema=None) as batch_op:
        batch_op.create_index('ix_news_asked_email', ['email_hash', 'at'], unique=False)
        batch_op.create_index('ix_news_asked_person', ['person_id', 'at'], unique=False)

    op.create_table('passport',
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('key_id', sa.String(length=16), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_passport_entered_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_passport_pupil_id_person')),
    sa.PrimaryKeyConstraint('pupil_id', name=op.f('pk_passport'))
    )
    op.create_table('processing_basis',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['noted_by_id'], ['person.id'], name=op.f('fk_processing_basis_noted_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_processing_basis_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_processing_basis'))
    )
    with op.batch_alter_table('processing_basis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_processing_basis_pupil_id'), ['pupil_id'], unique=False)
        batch_op.create_index('uq_processing_basis_open', ['pupil_id'], unique=True,
                              sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.String(length=400), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_saved_view_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('owner_id', 'name', name=op.f('uq_saved_view_owner_id_name'))
    )
    op.create_table('meeting_point',
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('point', sa.String(length=10), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('done_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_meeting_point_class_id_school_class')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_meeting_point_done_by_id_person')),
    sa.PrimaryKeyConstraint('class_id', 'point', name=op.f('pk_meeting_point'))
    )
    op.create_table('printed_journal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=True),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=False),
    sa.Column('facts_sha256', sa.String(length=64), nullable=False),
    sa.Column('facts_version', sa.Integer(), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('printed_by_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('differs', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_printed_journal_class_id_school_class')),
    sa.ForeignKeyConstraint(['printed_by_id'], ['person.id'], name=op.f('fk_printed_journal_printed_by_id_person')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_printed_journal_term_id_term')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printed_journal')),
    sa.UniqueConstraint('key', name=op.f('uq_printed_journal_key'))
    )
    with op.batch_alter_table('printed_journal', schema=None) as batch_op:
        batch_op.create_index('ix_printed_journal_class', ['class_id', 'term_id'], unique=False)

    op.create_table('second_factor',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('spare_hashes', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_second_factor_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_second_factor'))
    )
    op.create_table('certification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('printed_id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sheets', sa.Integer(), nullable=False),
    sa.Column('certified_on', sa.Date(), nullable=False),
    sa.Column('certified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('certified_by_id', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['certified_by_id'], ['person.id'], name=op.f('fk_certification_certified_by_id_person')),
    sa.ForeignKeyConstraint(['printed_id'], ['printed_journal.id'], name=op.f('fk_certification_printed_id_printed_journal')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_certification_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certification')),
    sa.UniqueConstraint('key', name=op.f('uq_certification_key')),
    sa.UniqueConstraint('year_id', 'number', name=op.f('uq_certification_year_id_number'))
    )
    with op.batch_alter_table('certification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certification_printed_id'), ['printed_id'], unique=False)
        batch_op.create_index('uq_certification_standing', ['printed_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('journal_remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('lesson_id', sa.Integer(), nullable=True),
    sa.Column('first', sa.Date(), nullable=True),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_journal_remark_class_id_school_class')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_journal_remark_closed_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_journal_remark_course_id_course')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_journal_remark_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_journal_remark_made_by_id_person')),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_journal_remark_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_remark')),
    sa.UniqueConstraint('key', name=op.f('uq_journal_remark_key'))
    )
    with op.batch_alter_table('journal_remark', schema=None) as batch_op:
        batch_op.create_index('ix_journal_remark_class', ['class_id', 'made_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_remark_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_remark_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_remark_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index('ix_journal_remark_teacher', ['teacher_id', 'closed_at'], unique=False)

    op.create_table('remark_word',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('remark_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_back', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_remark_word_by_id_person')),
    sa.ForeignKeyConstraint(['remark_id'], ['journal_remark.id'], name=op.f('fk_remark_word_remark_id_journal_remark')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark_word'))
    )
    with op.batch_alter_table('remark_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_word_remark_id'), ['remark_id'], unique=False)

    op.create_table('homework_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('homework_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_homework_change_changed_by_id_person')),
    sa.ForeignKeyConstraint(['homework_id'], ['homework.id'], name=op.f('fk_homework_change_homework_id_homework')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_homework_change'))
    )
    with op.batch_alter_table('homework_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_homework_change_homework_id'), ['homework_id'], unique=False)

    # What the search over the record asks: by who acted and by what was done, the latest days first.
    op.drop_index('ix_audit_record_actor_id', table_name='audit_record')
    op.create_index('ix_daily_sum_late', 'daily_sum', ['received_on', 'kind_id', 'course_id', 'responsible_id', 'marks'],
                    unique=False, sqlite_where=sa.text('days_taken > 7'),
                    postgresql_where=sa.text('days_taken > 7'))
    op.create_index('ix_audit_record_actor', 'audit_record', ['actor_id', 'on_day', 'id'], unique=False)
    op.create_index('ix_audit_record_verb', 'audit_record', ['verb', 'on_day', 'id'], unique=False)
    op.drop_index('ix_audit_record_day', table_name='audit_record')
    op.create_index('ix_audit_record_day', 'audit_record', ['on_day', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_daily_sum_late', table_name='daily_sum')
    raise NotImplementedError("forward only: the way back is the backup")
