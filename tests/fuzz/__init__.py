"""Damaged and hostile model files, made from good ones by seeded mutations: none may crash, hang or eat memory."""
