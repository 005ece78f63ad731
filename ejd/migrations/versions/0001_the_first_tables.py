"""the first tables"""

import sqlalchemy as sa
from alembic import op

from ejd.db import append_only_ddl

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_record", "mark_correction")


def upgrade() -> None:
    op.create_table('bell_schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bell_schedule')),
    sa.UniqueConstraint('name', name=op.f('uq_bell_schedule_name'))
    )
    op.create_table('failed_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login_hash', sa.String(length=64), nullable=False),
    sa.Column('place_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failed_attempt'))
    )
    with op.batch_alter_table('failed_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_failed_attempt_login', ['login_hash', 'at'], unique=False)
        batch_op.create_index('ix_failed_attempt_place', ['place_hash', 'at'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('patronymic', sa.String(length=80), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('sort_key', sa.String(length=260), nullable=False),
    sa.Column('search_key', sa.String(length=260), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_sort_key'), ['sort_key'], unique=False)

    op.create_table('remembered_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('columns', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remembered_mapping')),
    sa.UniqueConstraint('signature', name=op.f('uq_remembered_mapping_signature'))
    )
    op.create_table('school_year',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_year')),
    sa.UniqueConstraint('name', name=op.f('uq_school_year_name'))
    )
    op.create_table('setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('key', 'valid_from', name=op.f('uq_setting_key_valid_from'))
    )
    op.create_table('subject',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('short_name', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject')),
    sa.UniqueConstraint('name', name=op.f('uq_subject_name'))
    )
    op.create_table('work_kind',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('short_name', sa.String(length=12), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('declared', sa.Boolean(), nullable=False),
    sa.Column('in_timeliness', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_kind')),
    sa.UniqueConstraint('code', name=op.f('uq_work_kind_code'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=40), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login')),
    sa.UniqueConstraint('person_id', name=op.f('uq_account_person_id'))
    )
    op.create_table('audit_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('verb', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_audit_record_actor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_record'))
    )
    with op.batch_alter_table('audit_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_record_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_audit_record_day', ['on_day'], unique=False)
        batch_op.create_index('ix_audit_record_subject', ['verb', 'subject_id'], unique=False)

    op.create_table('bell',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('schedule_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=False),
    sa.Column('ends_at', sa.Time(), nullable=False),
    sa.ForeignKeyConstraint(['schedule_id'], ['bell_schedule.id'], name=op.f('fk_bell_schedule_id_bell_schedule')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bell')),
    sa.UniqueConstraint('schedule_id', 'number', name=op.f('uq_bell_schedule_id_number'))
    )
    op.create_table('day_off',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('holidays', sa.Boolean(), nullable=False),
    sa.Column('first_grade', sa.Integer(), nullable=False),
    sa.Column('last_grade', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_day_off_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_off'))
    )
    op.create_table('employment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.String(length=20), nullable=False),
    sa.Column('job_title', sa.String(length=120), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_employment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employment'))
    )
    with op.batch_alter_table('employment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employment_person_id'), ['person_id'], unique=False)

    op.create_table('guardianship',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('guardian_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('relation', sa.String(length=40), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_guardianship_guardian_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_guardianship_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardianship'))
    )
    with op.batch_alter_table('guardianship', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardianship_guardian_id'), ['guardian_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardianship_pupil_id'), ['pupil_id'], unique=False)
        batch_op.create_index('uq_guardianship_open', ['guardian_id', 'pupil_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('school_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=False),
    sa.Column('letter', sa.String(length=10), nullable=False),
    sa.Column('term_scheme', sa.String(length=20), nullable=False),
    sa.Column('days_per_week', sa.Integer(), nullable=False),
    sa.Column('bell_schedule_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('grade BETWEEN 1 AND 11', name=op.f('ck_school_class_grade')),
    sa.ForeignKeyConstraint(['bell_schedule_id'], ['bell_schedule.id'], name=op.f('fk_school_class_bell_schedule_id_bell_schedule')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_school_class_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_class')),
    sa.UniqueConstraint('year_id', 'grade', 'letter', name=op.f('uq_school_class_year_id_grade_letter'))
    )
    op.create_table('subject_alias',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_alias_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_alias')),
    sa.UniqueConstraint('key', name=op.f('uq_subject_alias_key'))
    )
    op.create_table('term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_term_dates')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_term_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term')),
    sa.UniqueConstraint('year_id', 'scheme', 'number', name=op.f('uq_term_year_id_scheme_number'))
    )
    op.create_table('timetable_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_timetable_version_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable_version'))
    )
    op.create_table('class_teacher',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_class_teacher_class_id_school_class')),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_class_teacher_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_teacher'))
    )
    with op.batch_alter_table('class_teacher', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_class_teacher_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_class_teacher_teacher_id'), ['teacher_id'], unique=False)
        batch_op.create_index('uq_class_teacher_open', ['class_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('subgroup', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('half_hours', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.Column('homework_expected', sa.Boolean(), nullable=False),
    sa.Column('retired_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_course_class_id_school_class')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_course_subject_id_subject')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_course_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course')),
    sa.UniqueConstraint('class_id', 'subject_id', 'subgroup', name=op.f('uq_course_class_id_subject_id_subgroup'))
    )
    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_subject_id'), ['subject_id'], unique=False)

    op.create_table('enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('leave_reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_enrolment_class_id_school_class')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_enrolment_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_pupil_id'), ['pupil_id'], unique=False)
        batch_op.create_index('uq_enrolment_open', ['pupil_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('signed_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('device_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signed_session_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_signed_session_token_hash'))
    )
    with op.batch_alter_table('signed_session', schema=None) as batch_op:
        batch_op.create_index('ix_signed_session_account', ['account_id', 'ended_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_signed_session_device_hash'), ['device_hash'], unique=False)

    op.create_table('course_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_member_course_id_course')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_course_member_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_member'))
    )
    with op.batch_alter_table('course_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_member_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_member_pupil_id'), ['pupil_id'], unique=False)
        batch_op.create_index('uq_course_member_open', ['course_id', 'pupil_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('daily_sum',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('days_taken', sa.Integer(), nullable=False),
    sa.Column('over_limit', sa.Boolean(), nullable=False),
    sa.Column('marks', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_daily_sum_course_id_course')),
    sa.ForeignKeyConstraint(['kind_id'], ['work_kind.id'], name=op.f('fk_daily_sum_kind_id_work_kind')),
    sa.ForeignKeyConstraint(['responsible_id'], ['person.id'], name=op.f('fk_daily_sum_responsible_id_person')),
    sa.PrimaryKeyConstraint('course_id', 'responsible_id', 'received_on', 'kind_id', 'days_taken', 'over_limit', name=op.f('pk_daily_sum'))
    )
    with op.batch_alter_table('daily_sum', schema=None) as batch_op:
        batch_op.create_index('ix_daily_sum_figures', ['responsible_id', 'days_taken', 'over_limit', 'received_on', 'kind_id', 'course_id', 'marks'], unique=False)

    op.create_table('exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_exemption_course_id_course')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_exemption_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exemption'))
    )
    with op.batch_alter_table('exemption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exemption_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exemption_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('room', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_slot_course_id_course')),
    sa.ForeignKeyConstraint(['version_id'], ['timetable_version.id'], name=op.f('fk_slot_version_id_timetable_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('version_id', 'weekday', 'number', 'course_id', name=op.f('uq_slot_version_id_weekday_number_course_id'))
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slot_course_id'), ['course_id'], unique=False)

    op.create_table('teaching_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_teaching_assignment_course_id_course')),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_teaching_assignment_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teaching_assignment'))
    )
    with op.batch_alter_table('teaching_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_teaching_assignment_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_teaching_assignment_teacher_id'), ['teacher_id'], unique=False)
        batch_op.create_index('uq_teaching_assignment_open', ['course_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))

    op.create_table('lesson',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=True),
    sa.Column('substitutes_id', sa.Integer(), nullable=True),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_reason', sa.String(length=200), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('topic_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attendance_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('homework_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_lesson_course_id_course')),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_lesson_slot_id_slot')),
    sa.ForeignKeyConstraint(['substitutes_id'], ['person.id'], name=op.f('fk_lesson_substitutes_id_person')),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_lesson_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson')),
    sa.UniqueConstraint('course_id', 'day', 'number', name=op.f('uq_lesson_course_id_day_number'))
    )
    with op.batch_alter_table('lesson', schema=None) as batch_op:
        batch_op.create_index('ix_lesson_day', ['day', 'course_id'], unique=False)
        batch_op.create_index('ix_lesson_teacher_day', ['teacher_id', 'day'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=1), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('last_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("code IN ('н','б','у','о')", name=op.f('ck_attendance_code')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_attendance_entered_by_id_person')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_attendance_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_attendance_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('lesson_id', 'pupil_id', name=op.f('uq_attendance_lesson_id_pupil_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_pupil', ['pupil_id', 'lesson_id'], unique=False)

    op.create_table('homework',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('not_set', sa.Boolean(), nullable=False),
    sa.Column('due_lesson_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['due_lesson_id'], ['lesson.id'], name=op.f('fk_homework_due_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_homework_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_homework_published_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_homework')),
    sa.UniqueConstraint('lesson_id', name=op.f('uq_homework_lesson_id'))
    )
    with op.batch_alter_table('homework', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_homework_due_lesson_id'), ['due_lesson_id'], unique=False)

    op.create_table('work',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('whole_class', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_work_author_id_person')),
    sa.ForeignKeyConstraint(['kind_id'], ['work_kind.id'], name=op.f('fk_work_kind_id_work_kind')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_work_lesson_id_lesson')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work')),
    sa.UniqueConstraint('key', name=op.f('uq_work_key'))
    )
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('expectation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('awaiting', sa.String(length=10), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('hand_in_by', sa.Date(), nullable=True),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_expectation_pupil_id_person')),
    sa.ForeignKeyConstraint(['responsible_id'], ['person.id'], name=op.f('fk_expectation_responsible_id_person')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_expectation_work_id_work')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expectation')),
    sa.UniqueConstraint('work_id', 'pupil_id', name=op.f('uq_expectation_work_id_pupil_id'))
    )
    with op.batch_alter_table('expectation', schema=None) as batch_op:
        batch_op.create_index('ix_expectation_open', ['due_on', 'responsible_id'], unique=False, sqlite_where=sa.text("awaiting = 'teacher'"), postgresql_where=sa.text("awaiting = 'teacher'"))
        batch_op.create_index('ix_expectation_pupil', ['pupil_id', 'awaiting'], unique=False)

    op.create_table('mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('work_id', sa.Integer(), nullable=True),
    sa.Column('kind_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(length=5), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=300), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('received_reason', sa.String(length=200), nullable=False),
    sa.Column('entered_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.Column('days_taken', sa.Integer(), nullable=False),
    sa.Column('over_limit', sa.Boolean(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('last_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("value IN ('5','4','3','2','1','зач','незач')", name=op.f('ck_mark_value')),
    sa.CheckConstraint('weight BETWEEN 1 AND 20', name=op.f('ck_mark_weight')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_mark_entered_by_id_person')),
    sa.ForeignKeyConstraint(['kind_id'], ['work_kind.id'], name=op.f('fk_mark_kind_id_work_kind')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_mark_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_mark_pupil_id_person')),
    sa.ForeignKeyConstraint(['responsible_id'], ['person.id'], name=op.f('fk_mark_responsible_id_person')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_mark_work_id_work')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
    sa.UniqueConstraint('key', name=op.f('uq_mark_key'))
    )
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.create_index('ix_mark_late', ['received_on', 'days_taken'], unique=False, sqlite_where=sa.text('days_taken > 7'), postgresql_where=sa.text('days_taken > 7'))
        batch_op.create_index('ix_mark_lesson_pupil', ['lesson_id', 'pupil_id'], unique=False)
        batch_op.create_index('ix_mark_pupil_received', ['pupil_id', 'received_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_mark_work_id'), ['work_id'], unique=False)

    op.create_table('mark_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mark_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('before', sa.String(length=60), nullable=False),
    sa.Column('after', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_on', sa.Date(), nullable=False),
    sa.Column('days_after', sa.Integer(), nullable=False),
    sa.Column('corrected_by_id', sa.Integer(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['corrected_by_id'], ['person.id'], name=op.f('fk_mark_correction_corrected_by_id_person')),
    sa.ForeignKeyConstraint(['mark_id'], ['mark.id'], name=op.f('fk_mark_correction_mark_id_mark')),
    sa.ForeignKeyConstraint(['responsible_id'], ['person.id'], name=op.f('fk_mark_correction_responsible_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_correction'))
    )
    with op.batch_alter_table('mark_correction', schema=None) as batch_op:
        batch_op.create_index('ix_mark_correction_late', ['corrected_on'], unique=False, sqlite_where=sa.text('days_after > 7'), postgresql_where=sa.text('days_after > 7'))
        batch_op.create_index(batch_op.f('ix_mark_correction_mark_id'), ['mark_id'], unique=False)
    dialect = op.get_context().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("forward only: the way back is the backup")
