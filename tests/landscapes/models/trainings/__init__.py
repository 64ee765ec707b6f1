"""Tests of planes through the parameters of any module."""
