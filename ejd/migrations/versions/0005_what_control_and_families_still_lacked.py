"""what control and families still lacked"""

import sqlalchemy as sa
from alembic import op

from ejd.db import noting_ddl

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lesson_sum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=True),
    sa.Column('cancelled', sa.Integer(), nullable=False),
    sa.Column('filled', sa.Integer(), nullable=False),
    sa.Column('untold', sa.Integer(), nullable=False),
    sa.Column('unattended', sa.Integer(), nullable=False),
    sa.Column('owed', sa.Integer(), nullable=False),
    sa.Column('on_time', sa.Integer(), nullable=False),
    sa.Column('late', sa.Integer(), nullable=False),
    sa.Column('not_set', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_lesson_sum_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_lesson_sum_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_sum'))
    )
    op.create_index('ix_lesson_sum_day', 'lesson_sum', ['day'], unique=False)
    op.create_table('counted_week',
    sa.Column('monday', sa.Date(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('monday', name=op.f('pk_counted_week'))
    )
    op.create_table('changed_week',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('monday', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changed_week'))
    )
    op.create_index('ix_changed_week_monday', 'changed_week', ['monday'], unique=False)
    op.create_index('ix_daily_sum_course', 'daily_sum', ['course_id', 'received_on', 'kind_id', 'marks'], unique=False)
    for table in ('lesson', 'homework'):  # last: whoever copies one of these tables anew loses its triggers
        for statement in noting_ddl(table, op.get_context().dialect.name):
            op.execute(statement)
